import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import type { OwnAct } from './own-act.ts';
import { updateName } from './queries.ts';

/** Changes the name by which a person is shown in all their sites. */
export async function changeName(
  parts: Pick<AccountParts, 'database' | 'queue' | 'mail'>,
  { session: _stays, ...act }: OwnAct,
  name: string,
): Promise<void> {
  const { person } = act;
  await parts.database.system.transaction().execute(async (tx) => {
    await updateName(tx, person.id, name);
    const sides = { before: { name: person.name }, after: { name } };
    await recordAccountChange(parts, tx, { ...act, action: 'person.renamed', ...sides });
  });
}
