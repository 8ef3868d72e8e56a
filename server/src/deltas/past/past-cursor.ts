import { z } from 'zod';
import { canonicalAddress } from '../../formats/address.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { HostKey } from './compare-queries.ts';

/**
 * Where a page ended, and the instants that it was of: `now` stays what it was on the first page.
 * `2026-11-24T02:00:00.000Z_10.0.0.5_<group>`
 */
export function writeCursor(instants: readonly string[], { address, groupId }: HostKey): string {
  return [...instants, address, groupId].join('_');
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const uuid = z.uuid();

/** The inverse. @throws RequestProblem (400) when it is not one that a page gave */
export function readCursor(text: string, count: number): { instants: string[]; beyond: HostKey } {
  const parts = text.split('_');
  const instants = parts.slice(0, count);
  const [address = '', groupId = ''] = parts.slice(count);
  const isOurs =
    parts.length === count + 2 &&
    instants.every(isInstant) &&
    canonicalAddress(address) !== null &&
    uuid.safeParse(groupId).success;
  if (!isOurs)
    throw new RequestProblem(400, 'bad-request', 'after is not one that an earlier page gave.');
  return { instants, beyond: { address, groupId } };
}

/** As toISOString writes it: 30 February is none. */
function isInstant(text: string): boolean {
  return INSTANT.test(text) && new Date(Date.parse(text) || 0).toISOString() === text;
}
