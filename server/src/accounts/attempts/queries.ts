import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { AttemptLimit } from './limits.ts';

type Db = Kysely<Tables>;

/** What became of an attempt that asked to be counted. */
export type Counted =
  /** `lockedNow`: it is the one that brought the lock about; should it succeed, that ends again. */
  | { readonly allowed: true; readonly lockedNow: boolean }
  | { readonly allowed: false; readonly lockedUntil: Date };

/**
 * Counts an attempt before it is made, unless its subject is locked: of many at one moment, in
 * whatever processes, no more get through than may.
 */
export async function countAttempt(db: Db, subject: Buffer, limit: AttemptLimit): Promise<Counted> {
  const { most, drain, firstLock, longestLock } = limit;
  const level = sql`greatest(0, a.level - extract(epoch from now() - a.last_at) / ${drain}::float8) + 1`;
  // Begun ones count whole, for some of each attempt has drained at the next. 2^20 first locks are long enough.
  const lock = (
    at: typeof level,
  ) => sql`case when ceil(${at}) >= ${most}::float8 then now() + make_interval(secs =>
    least(${firstLock}::float8 * 2 ^ least(ceil(${at}) - ${most}::float8, 20), ${longestLock}::float8))
    else '-infinity' end`;
  const { rows } = await sql<{ locked_now: boolean }>`
    insert into attempts as a (subject, level, locked_until) values (${subject}, 1, ${lock(sql`1`)})
    on conflict (subject) do update
      set level = ${level}, locked_until = ${lock(level)}, last_at = now()
      where a.locked_until <= now()
    returning ceil(a.level) = ${most}::float8 as locked_now`.execute(db);
  const [counted] = rows;
  if (counted) return { allowed: true, lockedNow: counted.locked_now };
  return { allowed: false, lockedUntil: await selectLock(db, subject) };
}

async function selectLock(db: Db, subject: Buffer): Promise<Date> {
  const row = await db
    .selectFrom('attempts')
    .select(sql<Date>`greatest(locked_until, now())`.as('locked_until'))
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.locked_until ?? new Date();
}

/** Takes back an attempt that was counted, and the lock that it brought about: it was no wrong one. */
export async function uncountAttempt(db: Db, subject: Buffer): Promise<void> {
  await sql`update attempts set level = greatest(0, level - 1), locked_until = '-infinity'
    where subject = ${subject}`.execute(db);
}

/** Forgets all wrong attempts of a subject. */
export async function deleteAttempts(db: Db, subject: Buffer): Promise<void> {
  await db.deleteFrom('attempts').where('subject', '=', subject).execute();
}

/** Which of these places the person with this address has logged in from. */
export async function selectKnownPlaces(
  db: Db,
  email: string,
  places: readonly Buffer[],
): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('known_places')
    .innerJoin('users', 'users.id', 'known_places.user_id')
    .select('place')
    .where('users.login_email', '=', email)
    .where('place', 'in', places)
    .execute();
  return rows.map(({ place }) => place);
}

/** Notes from where a person has logged in. */
export async function upsertKnownPlaces(
  db: Db,
  email: string,
  places: readonly Buffer[],
): Promise<void> {
  await sql`insert into known_places (user_id, place)
    select u.id, p.place from users as u, unnest(${places}::bytea[]) as p (place)
    where u.login_email = ${email} order by 2
    on conflict (user_id, place) do update set last_at = now()`.execute(db);
}

/** Whose account it is, by the address by which they log in, or by their id; undefined: nobody's. */
export function selectPersonToTell(db: Db, account: string) {
  return db
    .selectFrom('users')
    .select(['id', 'email'])
    .where((user) => user.or([user('login_email', '=', account), user('id', '=', account)]))
    .executeTakeFirst();
}

const MOST_SITES = 100;

/** The site whose login was tried, and those that the account would have opened. */
export function selectSitesToTell(
  db: Db,
  { siteId, userId }: { siteId: string | null; userId: string | null },
): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('sites')
    .select(['id', 'name'])
    .where(
      sql<boolean>`id is not distinct from ${siteId}::uuid or id in (
        select site_id from members where user_id = ${userId})`,
    )
    .orderBy(sql`id is not distinct from ${siteId}::uuid desc`)
    .orderBy('id')
    .limit(MOST_SITES)
    .execute();
}
