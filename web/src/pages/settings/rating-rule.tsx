import { RATING_MEANINGS } from '@netdelta/core/evidence/describe-rating.ts';
import { LEAST_HISTORY_WINDOW, noiseReach, RATINGS } from '@netdelta/core/evidence/rating.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import { listRatingExamples, type RatingExample } from '../../format/rating-examples.ts';
import classes from './settings-page.module.css';

/** The rule in words, and what it makes of the known points with this window. */
export function RatingRule({ window }: { window: number | string }) {
  // A number field that was emptied holds a text.
  const scans = Math.min(Math.max(Number(window) || 0, 0), 100);
  return (
    <div className={classes.rule}>
      <div className={classes.words}>
        {RATINGS.map((rating) => (
          <p key={rating}>
            <RatingBadge rating={rating} /> {RATING_MEANINGS[rating]}
          </p>
        ))}
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
    </div>
  );
}

function describeRule(window: number): string {
  if (window < LEAST_HISTORY_WINDOW) return 'The history is off: every delta is red at first.';
  const noise = formatNumber(Math.floor(noiseReach(window)));
  return `A delta is red when the same was not seen in the last ${formatCount(window, 'scan')}, green when it was seen at most ${noise} scans ago, and amber between. Amber becomes green when the same was seen three times or more, or now strikes three targets or more.`;
}

const COLUMNS: readonly Column<RatingExample>[] = [
  { title: 'The same delta was last seen', render: ({ seen }) => seen },
  { title: 'Rating', tight: true, render: ({ rating }) => <RatingBadge rating={rating} /> },
];
