import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/**
 * Makes one row of a block's rows, of what its hosts hold now. What another transaction folds at
 * this moment is left to it. A host that is being stored meanwhile is in a row that is not seen here.
 */
export async function foldSearchBlocks(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`
    with many as (
      select block from search_blocks where group_id = ${groupId} group by block having count(*) > 1
    ), folded as (
      delete from search_blocks where ctid = any(array(
        select b.ctid from search_blocks as b join many using (block)
        where b.group_id = ${groupId} for update of b skip locked))
      returning site_id, group_id, block
    )
    insert into search_blocks (site_id, group_id, block, text)
    select f.site_id, f.group_id, f.block, string_agg(search_block_line(h.address, h.search), E'\\f')
    from (select distinct site_id, group_id, block from folded) as f
    join hosts as h on h.site_id = f.site_id and h.group_id = f.group_id and h.address between f.block and f.block + 63
    group by 1, 2, 3`.execute(tx);
}
