import { Tooltip } from '@mantine/core';
import { RATING_MEANINGS } from '@netdelta/core/evidence/describe-rating.ts';
import type { Rating } from '@netdelta/core/evidence/rating.ts';
import { statusLabel } from '../format/status.ts';
import classes from './badge.module.css';

/** A rating with its mark; the tool tip tells what it means. Nothing for what is not rated. */
export function RatingBadge({ rating }: { rating: Rating | null }) {
  if (!rating) return null;
  return (
    <Tooltip label={RATING_MEANINGS[rating]}>
      <span className={classes.badge} data-status={rating}>
        <span className={classes.mark} aria-hidden />
        {statusLabel(rating)}
      </span>
    </Tooltip>
  );
}
