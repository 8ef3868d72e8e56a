import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { Panel } from '../../components/panel.tsx';
import { describeConfirmationCost } from '../../format/confirmation-cost.ts';
import { keepUnits } from '../../format/keep-units.ts';
import classes from './scan-page.module.css';

/** What asking again cost, and how many false alarms it saved. */
export function AskedAgain({ cost }: { cost: ScanDetail['confirmation'] }) {
  if (!cost) return null;
  return (
    <Panel title="Asked again" note="so that lost packets do not look like changes">
      <p className={classes.cost}>{keepUnits(describeConfirmationCost(cost))}</p>
    </Panel>
  );
}
