import type { Role } from '@netdelta/core/access/roles.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';

type Tx = Transaction<Tables>;

/** Who somebody is to a site's provider. */
export interface SubjectKey {
  readonly siteId: string;
  readonly issuer: string;
  readonly subject: string;
}

const selectMembers = (tx: Tx, siteId: string) =>
  tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name', 'users.email', 'members.role'])
    .where('members.site_id', '=', siteId);

export type SignOnMember = NonNullable<Awaited<ReturnType<typeof selectMemberBySubject>>>;

/** The member that a provider means. The site is named: `tx` is of the system. */
export async function selectMemberBySubject(tx: Tx, { siteId, issuer, subject }: SubjectKey) {
  return selectMembers(tx, siteId)
    .innerJoin('sign_on_subjects as known', (join) =>
      join
        .onRef('known.site_id', '=', 'members.site_id')
        .onRef('known.user_id', '=', 'members.user_id'),
    )
    .where('known.issuer', '=', issuer)
    .where('known.subject', '=', subject)
    .executeTakeFirst();
}

/** The member with this address (in lower case), and whether they are somebody else at this issuer. */
export async function selectMemberByAddress(tx: Tx, { siteId, issuer }: SubjectKey, email: string) {
  return selectMembers(tx, siteId)
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('sign_on_subjects as known')
          .select('known.user_id')
          .whereRef('known.site_id', '=', 'members.site_id')
          .whereRef('known.user_id', '=', 'members.user_id')
          .where('known.issuer', '=', issuer),
      ).as('isLinked'),
    )
    .where('users.email', '=', email)
    .orderBy('isLinked')
    .executeTakeFirst();
}

export async function insertSubject(
  tx: Tx,
  { siteId, issuer, subject }: SubjectKey,
  userId: string,
): Promise<void> {
  const row = { site_id: siteId, issuer, subject, user_id: userId };
  await tx.insertInto('sign_on_subjects').values(row).execute();
}

/** A person whom this site's provider alone knows, and whom no password lets in. */
export async function insertLocalPerson(
  tx: Tx,
  { siteId, role, ...person }: LocalPerson,
): Promise<void> {
  await tx
    .insertInto('users')
    .values({ ...person, home_site: siteId })
    .execute();
  await tx.insertInto('members').values({ site_id: siteId, user_id: person.id, role }).execute();
}

interface LocalPerson {
  readonly siteId: string;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** What a provider calls somebody now; of those whom it alone knows. */
export async function updateLocalPerson(
  tx: Tx,
  { id, siteId, name, email }: Pick<LocalPerson, 'id' | 'siteId' | 'name' | 'email'>,
): Promise<void> {
  await tx
    .updateTable('users')
    .set({ name, email })
    .where('id', '=', id)
    .where('home_site', '=', siteId)
    .execute();
}

export async function selectOtherOwners(tx: Tx, siteId: string, userId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('members')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('site_id', '=', siteId)
    .where('role', '=', 'owner')
    .where('user_id', '!=', userId)
    .executeTakeFirstOrThrow();
  return count;
}

export async function updateMemberRole(
  tx: Tx,
  { siteId, id, role }: { siteId: string; id: string; role: Role },
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role })
    .where('site_id', '=', siteId)
    .where('user_id', '=', id)
    .execute();
}

export async function selectDemandsSecondFactor(
  db: Kysely<Tables>,
  siteId: string,
): Promise<boolean> {
  const site = await db
    .selectFrom('sites')
    .select('second_factor_demanded')
    .where('id', '=', siteId)
    .executeTakeFirstOrThrow();
  return site.second_factor_demanded;
}

/** A session that opens one site alone, and so long. */
export interface BoundSession {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly siteId: string;
  readonly hours: number;
  readonly factorAsserted: boolean;
  readonly address: string;
  readonly userAgent: string;
}

/** As better-auth would store it, which finds and ends it as any other. */
export async function insertBoundSession(db: Kysely<Tables>, session: BoundSession): Promise<void> {
  const { id, token, userId, siteId, hours, factorAsserted, address, userAgent } = session;
  const end = sql<Date>`now() + make_interval(hours => ${hours})`;
  await db
    .insertInto('sessions')
    .values({
      ...{ id, token, userId, userAgent, ipAddress: address },
      ...{
        opened_by: 'sign-on',
        bound_to: siteId,
        ends_at: end,
        expiresAt: end,
        factor_asserted: factorAsserted,
      },
    })
    .execute();
}
