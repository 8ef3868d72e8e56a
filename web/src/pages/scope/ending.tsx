import { Badge } from '@mantine/core';
import { formatCount } from '../../format/count.ts';

/** From so many days before its end on, an authorisation says so. */
const SOON_DAYS = 14;

interface EndingProps {
  readonly validUntil: string | null;
  readonly daysLeft: number | null;
}

/** The last day of an authorisation, and how near it is. */
export function Ending({ validUntil, daysLeft }: EndingProps) {
  if (validUntil === null || daysLeft === null)
    return <span className="quiet">until it is taken back</span>;
  return (
    <>
      {validUntil}
      {daysLeft <= SOON_DAYS && (
        <div>
          <Badge color={daysLeft < 0 ? 'red.9' : 'yellow.9'} variant="light" tt="none">
            {describeLeft(daysLeft)}
          </Badge>
        </div>
      )}
    </>
  );
}

/** How near the last day is, in words that follow a name: `has expired`, `ends today`, `ends in 3 days`. */
export function describeLeft(daysLeft: number): string {
  if (daysLeft < 0) return 'has expired';
  return daysLeft === 0 ? 'ends today' : `ends in ${formatCount(daysLeft, 'day')}`;
}
