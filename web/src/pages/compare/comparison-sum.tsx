import type { ComparePage, InstantView } from '@netdelta/core/api/past.ts';
import { DELTA_KIND_NAMES, DELTA_KINDS } from '@netdelta/core/delta/kinds.ts';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../components/moment.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import classes from './compare-page.module.css';

/** Which instants were compared, and how much changed, by kind. */
export function ComparisonSum({ page: { from, to, counts } }: { page: ComparePage }) {
  return (
    <div className={classes.sum}>
      <p className={classes.instants}>
        From <InstantOf instant={from} /> to <InstantOf instant={to} />
        {counts && `: ${describeCounts(counts)}`}
      </p>
      {counts && counts.changes > 0 && (
        <ul className={classes.kinds} aria-label="Changes by kind">
          {listHeadings(counts.kinds).map(([heading, count]) => (
            <li key={heading}>
              {heading} <strong>{formatNumber(count)}</strong>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function InstantOf({ instant: { at, scanId } }: { instant: InstantView }) {
  const moment = <Moment at={at} absolute />;
  if (scanId === null) return moment;
  return (
    <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
      {moment}
    </Link>
  );
}

type Counts = NonNullable<ComparePage['counts']>;

function describeCounts({ changes, hosts, gaps, complete }: Counts): string {
  const more = complete ? '' : 'more than ';
  const told = `${more}${formatCount(changes, 'change')} on ${formatCount(hosts, 'host')}`;
  return gaps > 0 ? `${told}; ${formatNumber(gaps)} could not be compared` : told;
}

/** Kinds of one heading count together. */
function listHeadings(kinds: Counts['kinds']): [string, number][] {
  const counts = new Map<string, number>();
  for (const kind of DELTA_KIND_NAMES) {
    const { heading } = DELTA_KINDS[kind];
    const count = kinds[kind] ?? 0;
    if (count > 0) counts.set(heading, (counts.get(heading) ?? 0) + count);
  }
  return [...counts];
}
