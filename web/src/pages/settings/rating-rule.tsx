import { RATING_MEANINGS } from '@netdelta/core/evidence/describe-rating.ts';
import { LEAST_HISTORY_WINDOW, noiseReach, RATINGS } from '@netdelta/core/evidence/rating.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import { listRatingExamples, type RatingExample } from '../../format/rating-examples.ts';
import classes from './settings-page.module.css';

/** The rule in words, and what it makes of the known points with this window. */
export function RatingRule({ window }: { window: number | string }) {
  // A number field that was emptied holds a text.
  const scans = Math.min(Math.max(Number(window) || 0, 0), 100);
  return (
    <Panel title="How deltas are rated" note="with the window above" flush>
      <div className={classes.words}>
        <p className={classes.ratings}>
          {RATINGS.map((rating) => (
            <span key={rating}>
              <RatingBadge rating={rating} />: {RATING_MEANINGS[rating]}
            </span>
          ))}
        </p>
        <p>{describeRule(scans)}</p>
        <p>
          A delta that nothing has verified is rated one step lower; one that opens a danger port,
          or a high port where something unknown speaks, one step higher. No delta is ever left out.
        </p>
      </div>
      <DataTable
        label="How deltas are rated by their history"
        columns={COLUMNS}
        rows={listRatingExamples(scans)}
        rowKey={({ seen }) => seen}
      />
    </Panel>
  );
}

function describeRule(window: number): string {
  if (window < LEAST_HISTORY_WINDOW)
    return 'The history is off: every delta counts as never seen, which is red.';
  const noise = formatNumber(Math.floor(noiseReach(window)));
  return `A delta is red when the same (endpoint, kind and direction) was not seen in the last ${formatCount(window, 'scan')}, green when it was last seen at most ${noise} scans ago, and amber between. Amber becomes green when the same was seen three times or more, or now strikes three targets or more.`;
}

const COLUMNS: readonly Column<RatingExample>[] = [
  { title: 'Last seen', render: ({ seen }) => seen },
  { title: 'Rating', render: ({ rating }) => <RatingBadge rating={rating} /> },
];
