import type { Kysely } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import {
  AT_PLACE,
  type AttemptLimit,
  BY_ADDRESS,
  BY_STRANGERS,
  placeOf,
  subjectOf,
} from './limits.ts';
import { countAttempt, selectKnownPlaces, uncountAttempt } from './queries.ts';
import type { Whereabouts } from './who-tries.ts';

type Db = Kysely<Tables>;

/** An attempt to prove who one is, counted before it is known what becomes of it. */
export interface Attempt {
  /** An address in lower case, or the id of who is logged in; null: it is for no account, such as a link that is tried. */
  readonly account: string | null;
  readonly where: Whereabouts;
  /** Whether the person of this account has logged in from here before. */
  readonly known: 'browser' | 'network' | null;
  readonly counted: readonly Counter[];
  /** It is the last that was free: if it fails, the account is locked, here or for strangers. */
  readonly locksAccount: boolean;
}

interface Counter {
  readonly limit: AttemptLimit;
  readonly subject: Buffer;
}

/** Counts an attempt by all that it is counted by, or says until when it has to wait. */
export async function beginAttempt(
  db: Db,
  account: string | null,
  where: Whereabouts,
): Promise<Attempt | { readonly lockedUntil: Date }> {
  const known = account === null ? null : await findKnown(db, account, where);
  const counted: Counter[] = [];
  let locksAccount = false;
  for (const counter of countersOf(account, where, known)) {
    const outcome = await countAttempt(db, counter.subject, counter.limit);
    if (!outcome.allowed) {
      for (const { subject } of counted) await uncountAttempt(db, subject);
      return { lockedUntil: outcome.lockedUntil };
    }
    counted.push(counter);
    if (outcome.lockedNow && counter.limit !== BY_ADDRESS) locksAccount = true;
  }
  return { account, where, known, counted, locksAccount };
}

async function findKnown(db: Db, account: string, where: Whereabouts): Promise<Attempt['known']> {
  const network = placeOf('network', where.network);
  const browser = where.browser === null ? null : placeOf('browser', where.browser);
  const found = await selectKnownPlaces(db, account, browser ? [network, browser] : [network]);
  if (browser && found.some((place) => place.equals(browser))) return 'browser';
  return found.some((place) => place.equals(network)) ? 'network' : null;
}

/**
 * By what an attempt is counted. A known browser has a counter of its own and no other, so that nobody
 * who guesses, from the same address or from thousands, can lock its person out.
 */
function countersOf(
  account: string | null,
  { network, browser }: Whereabouts,
  known: Attempt['known'],
): Counter[] {
  const of = (limit: AttemptLimit, ...parts: readonly string[]): Counter => ({
    limit,
    subject: subjectOf(limit, ...parts),
  });
  const byAddress = of(BY_ADDRESS, network);
  if (account === null) return [byAddress];
  if (known === 'browser') return [of(AT_PLACE, account, 'browser', browser ?? '')];
  const atPlace = of(AT_PLACE, account, 'network', network);
  if (known === 'network') return [atPlace, byAddress];
  return [atPlace, byAddress, of(BY_STRANGERS, account)];
}
