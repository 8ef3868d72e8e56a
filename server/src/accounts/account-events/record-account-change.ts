import { type AccountNotice, isAccountNotice } from '@netdelta/core/access/account-notices.ts';
import type { Transaction } from 'kysely';
import { type AuditChange, type AuditSource, recordAudits } from '../../audit/record-audit.ts';
import type { Tables } from '../../db/tables.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { selectSiteIdsOf } from './queries.ts';

export interface AccountChange extends Pick<AuditChange, 'action' | 'before' | 'after'> {
  /** Whose account it is. */
  readonly person: { readonly id: string; readonly name: string };
  readonly source: AuditSource;
  /** Where it was done; null: at the front door, or nowhere in particular. */
  readonly siteId: string | null;
  /** For the mail: which of several, such as the name of a passkey. */
  readonly detail?: string;
}

export type TellingParts = Pick<PeopleMailParts, 'queue' | 'mail'>;

/**
 * Writes down what was done to an account, in every site of its person, since it opens all of them;
 * and tells the person by mail, where it is of that kind. In a transaction of the system, last:
 * others who act on these sites wait until it ends.
 */
export async function recordAccountChange(
  parts: TellingParts,
  tx: Transaction<Tables>,
  { siteId, detail, ...change }: AccountChange,
): Promise<void> {
  await recordInAllSites(tx, change);
  const { action, person, source } = change;
  if (isAccountNotice(action))
    await tell(parts, tx, {
      ...{ userId: person.id, siteId, action, detail: detail ?? null },
      ...{ address: source.address, userAgent: source.userAgent },
    });
}

/** The same without a mail: of a command, where no queue runs. */
export async function recordInAllSites(
  tx: Transaction<Tables>,
  { person: { id, name }, source, ...what }: Omit<AccountChange, 'siteId' | 'detail'>,
): Promise<void> {
  const change = { ...what, subject: { kind: 'person', id, name } };
  const siteIds = await selectSiteIdsOf(tx, id);
  await recordAudits(
    tx,
    source,
    siteIds.map((siteId) => ({ siteId, change })),
  );
}

async function tell(
  { queue, mail }: TellingParts,
  tx: Transaction<Tables>,
  notice: {
    userId: string;
    siteId: string | null;
    action: AccountNotice;
    detail: string | null;
    address: string | null;
    userAgent: string | null;
  },
): Promise<void> {
  if (!mail.configured) return;
  await queue.enqueue(tx, 'account-notice.send', { ...notice, at: new Date().toISOString() });
}
