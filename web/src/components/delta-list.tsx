import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { Link } from '@tanstack/react-router';
import classes from './delta-list.module.css';
import { DeltaMark } from './delta-mark.tsx';
import { HostLink } from './host-link.tsx';
import { Moment } from './moment.tsx';
import { RatingBadge } from './rating-badge.tsx';

interface DeltaListProps {
  readonly deltas: readonly DeltaView[];
  /** Leaves out the host or the group where the page is about it. */
  readonly about?: 'host' | 'group';
}

/** Deltas in short, newest first: one sentence each, which leads to its page, and the ways to its host and its scan. */
export function DeltaList({ deltas, about }: DeltaListProps) {
  return (
    <ul className={classes.list}>
      {deltas.map((delta) => (
        <li key={delta.id} className={classes.item}>
          <DeltaMark kind={delta.kind} />
          <div className={classes.words}>
            <Link to="/deltas/$deltaId" params={{ deltaId: delta.id }} className={classes.sentence}>
              {delta.sentence}
            </Link>
            <span className={classes.where}>
              <RatingBadge rating={delta.rating} />
              {about !== 'host' && delta.address && (
                <HostLink groupId={delta.groupId} address={delta.address} />
              )}
              {!about && <span>{delta.groupName}</span>}
              <ScanOf delta={delta} />
            </span>
          </div>
          <span className={classes.when}>
            <Moment at={delta.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function ScanOf({ delta: { scanId } }: { delta: DeltaView }) {
  if (scanId === null) return 'Targets edited';
  return (
    <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
      Delta Analysis
    </Link>
  );
}
