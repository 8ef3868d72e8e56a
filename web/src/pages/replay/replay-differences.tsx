import type { ReplayedDelta, ReplayedScan } from '@netdelta/core/api/replay.ts';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { formatCount } from '../../format/count.ts';
import { describeOutcome, listDifferences, signOf } from '../../format/replay.ts';
import classes from './replay-page.module.css';

/** What of one scan would have been told otherwise, and why. */
export function ReplayDifferences({ scan }: { scan: ReplayedScan }) {
  const differences = listDifferences(scan);
  if (differences.length === 0 && scan.leftOut === 0) return <span className="quiet">nothing</span>;
  return (
    <ul className={classes.differences}>
      {differences.map((delta) => (
        <Difference key={`${delta.told} ${delta.kind} ${delta.sentence}`} delta={delta} />
      ))}
      {scan.leftOut > 0 && (
        <li className="quiet">
          <span />
          {formatCount(scan.leftOut, 'delta')} more, not listed
        </li>
      )}
    </ul>
  );
}

function Difference({ delta }: { delta: ReplayedDelta }) {
  return (
    <li>
      <span aria-hidden>{signOf(delta)}</span>
      <span>
        <span className="wrap">{delta.sentence}</span>
        <span className={`quiet ${classes.why}`}>
          {describeOutcome(delta)}: {delta.told === 'both' ? <Rerated delta={delta} /> : delta.why}
        </span>
      </span>
    </li>
  );
}

function Rerated({ delta: { ratingThen, ratingNow } }: { delta: ReplayedDelta }) {
  return (
    <>
      <RatingBadge rating={ratingThen} /> would be <RatingBadge rating={ratingNow} />
    </>
  );
}
