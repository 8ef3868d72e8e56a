import { PLATFORM_LOG } from '../../audit/platform-log.ts';
import { recordAudit } from '../../audit/record-audit.ts';
import type { Database } from '../../db/database.ts';
import { sourceOfCommand } from '../site/as-command.ts';

/** Writes down in the platform's log what was done with the secret key of this id. */
export function recordKeyAct(
  { system }: Database,
  action: 'secretKey.rotated' | 'secretKey.dropped',
  keyId: string,
): Promise<void> {
  const subject = { kind: 'platform', id: null, name: keyId };
  return system
    .transaction()
    .execute((tx) => recordAudit(tx, PLATFORM_LOG, sourceOfCommand(), { action, subject }));
}
