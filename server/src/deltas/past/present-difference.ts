import type { ChangeView, ComparedHost, ComparedTarget } from '@netdelta/core/api/past.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import { DELTA_KINDS } from '@netdelta/core/delta/kinds.ts';
import { describeGap } from '@netdelta/core/past/describe-gap.ts';
import type { HostDifference, InstantPair } from './compare-instants.ts';
import type { TargetDifference } from './sum-up-edits.ts';

const SIDES = { before: 'from', after: 'to' } as const;

/** A host that differs as pages show it, its sentences in the site's time zone. */
export function presentDifference(
  { groupId, groupName, address, names, changes, gaps }: HostDifference,
  { from, to }: InstantPair,
  timeZone: string,
): ComparedHost {
  const moments = { before: describeMoment(from, timeZone), after: describeMoment(to, timeZone) };
  return {
    ...{ groupId, groupName, address },
    names: [...names],
    changes: changes.map(presentChange),
    gaps: gaps.map((gap) => ({
      endpoint: gap.endpoint ?? null,
      missing: SIDES[gap.missing],
      why: gap.why,
      sentence: describeGap(gap, moments),
    })),
  };
}

/** A target that came or went, as pages show it. */
export function presentTarget({ groupId, groupName, change }: TargetDifference): ComparedTarget {
  const { kind, subject } = change;
  const { target } = subject;
  return { groupId, groupName, kind, target, sentence: describeDelta(change) };
}

function presentChange(change: Delta): ChangeView {
  const { kind, subject, before, after } = change;
  const { heading } = DELTA_KINDS[kind];
  const endpoint = 'port' in subject ? subject : { protocol: null, port: null };
  const { protocol, port } = endpoint;
  return { kind, heading, sentence: describeDelta(change), protocol, port, before, after };
}
