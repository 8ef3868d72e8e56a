import { Panel } from '../../components/panel.tsx';
import { formatNumber } from '../../format/count.ts';
import classes from './overview-page.module.css';

/** How often asking again has kept a false alarm away, and what that means. */
export function FalseAlarms({ avoided }: { avoided: number }) {
  return (
    <Panel title="False alarms avoided" note="this week">
      <p className={classes.figure}>{formatNumber(avoided)}</p>
      <p className={classes.meaning}>{describeAvoided(avoided)}</p>
    </Panel>
  );
}

function describeAvoided(avoided: number): string {
  if (avoided === 0)
    return 'No scan of the last seven days seemed to show a change that asking again refuted.';
  const often = avoided === 1 ? 'Once' : `${formatNumber(avoided)} times`;
  return `${often} in the last seven days a scan seemed to show a change, and asking again showed that there was none. The page of each host tells which.`;
}
