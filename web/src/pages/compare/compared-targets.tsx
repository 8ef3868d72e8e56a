import type { ComparedTarget } from '@netdelta/core/api/past.ts';
import { DeltaMark } from '../../components/delta-mark.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import classes from './compare-page.module.css';

/** Which targets were edited between the instants; nothing when none was. */
export function ComparedTargets({ targets }: { targets: readonly ComparedTarget[] }) {
  if (targets.length === 0) return null;
  return (
    <ul className={classes.targets} aria-label="Edited targets">
      {targets.map(({ groupId, groupName, kind, sentence }) => (
        <li key={`${groupId} ${sentence}`} className={classes.change}>
          <DeltaMark kind={kind} />
          <span className={classes.sentence}>
            {sentence} <GroupLink id={groupId} name={groupName} />
          </span>
        </li>
      ))}
    </ul>
  );
}
