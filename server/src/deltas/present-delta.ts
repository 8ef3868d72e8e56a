import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import { explainDelta } from '@netdelta/core/delta/explain-delta.ts';
import { DELTA_KINDS } from '@netdelta/core/delta/kinds.ts';
import type { DeltaRow } from './delta-queries.ts';
import { readDelta } from './read-delta.ts';

/** A delta as pages show it, its sentences in the site's time zone. */
export function presentDelta(row: DeltaRow, timeZone: string): DeltaView {
  const delta = readDelta(row);
  const writeMoment = (iso: string) => describeMoment(iso, timeZone);
  return {
    id: row.id,
    // A target is edited between scans, by no scan.
    scanId: row.scan_id,
    groupId: row.group_id,
    groupName: row.group_name,
    at: row.at.toISOString(),
    kind: row.kind,
    heading: DELTA_KINDS[row.kind].heading,
    sentence: describeDelta(delta, writeMoment),
    explanation: explainDelta(delta, writeMoment),
    address: row.address,
    target: row.target,
    protocol: row.protocol,
    port: row.port,
    before: row.before,
    after: row.after,
    evidence: row.evidence,
    rating: row.rating,
    rated: row.rated,
  };
}
