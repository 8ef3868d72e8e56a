import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { describeLastSeen, describeRating } from '@netdelta/core/evidence/describe-rating.ts';
import { LEAST_HISTORY_WINDOW, type Rated } from '@netdelta/core/evidence/rating.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { formatCount } from '../../format/count.ts';
import { statusLabel } from '../../format/status.ts';
import classes from './delta-page.module.css';

/** The rating of a delta, and each thing that it was made of. */
export function DeltaRating({ delta: { rated } }: { delta: DeltaView }) {
  if (!rated)
    return (
      <Panel title="Rating">
        <p className="quiet">Only what a scan that has ended found on hosts is rated.</p>
      </Panel>
    );
  const { history, evidence, danger } = rated;
  return (
    <Panel title="Rating">
      <p className={classes.rating}>{describeRating(rated)}</p>
      <Facts
        facts={[
          { label: 'Last seen', value: describeLastSeen(history) },
          { label: 'History', value: describeHistory(history) },
          {
            label: 'In this scan',
            value: `on ${formatCount(history.targets, 'target')}`,
          },
          { label: 'By history', value: <RatingBadge rating={history.rating} /> },
          { label: 'Evidence', value: statusLabel(evidence) },
          { label: 'Danger', value: danger && `port ${danger.port}` },
          { label: 'Rating', value: <RatingBadge rating={rated.rating} /> },
        ]}
      />
    </Panel>
  );
}

function describeHistory({ window, scans, times }: Rated['history']): string {
  if (window < LEAST_HISTORY_WINDOW) return 'off';
  return `${formatCount(times, 'time')} in ${formatCount(scans, 'scan')}, of a window of ${window}`;
}
