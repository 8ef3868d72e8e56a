import type { SiteSettings } from '@netdelta/core/api/settings.ts';
import type { SiteTransaction } from '../db/database.ts';

export function selectSettings(tx: SiteTransaction, siteId: string): Promise<SiteSettings> {
  return tx
    .selectFrom('sites')
    .select(['history_window as historyWindow', 'danger_ports as dangerPorts'])
    .where('id', '=', siteId)
    .executeTakeFirstOrThrow();
}

export async function updateSettings(
  tx: SiteTransaction,
  siteId: string,
  { historyWindow, dangerPorts }: SiteSettings,
): Promise<void> {
  await tx
    .updateTable('sites')
    .set({ history_window: historyWindow, danger_ports: dangerPorts })
    .where('id', '=', siteId)
    .execute();
}
