import type { AuditRow } from './queries.ts';

const AT_ONCE = 1_000;

/** Reads the entries after a number, in their order. */
export type ReadChain = (page: { beyond: number; limit: number }) => Promise<AuditRow[]>;

/** A site's entries from the first to the last, read in pieces of a thousand. */
export async function* walkChain(read: ReadChain): AsyncGenerator<AuditRow> {
  for (let beyond = 0; ; ) {
    const rows = await read({ beyond, limit: AT_ONCE });
    yield* rows;
    if (rows.length < AT_ONCE) return;
    beyond = Number(rows.at(-1)?.number);
  }
}
