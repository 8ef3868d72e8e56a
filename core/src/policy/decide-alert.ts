import type { ScanStatus } from '../api/scans.ts';

/** Which mail the end of a scan gives: about its changes, about its failure, or none. */
export type AlertChoice = 'changes' | 'failure' | 'none';

/** Decides the mail of a scan. What a cancelled or partial scan did find is as true as any. */
export function decideAlert({
  status,
  deltas,
}: {
  status: ScanStatus;
  deltas: number;
}): AlertChoice {
  if (deltas > 0) return 'changes';
  return status === 'failed' ? 'failure' : 'none';
}

/** Each person once, whatever the capitals; in the order in which they were entered. */
export function uniqueRecipients(recipients: readonly string[]): string[] {
  const byAddress = new Map<string, string>();
  for (const recipient of recipients) {
    const key = recipient.toLowerCase();
    if (!byAddress.has(key)) byAddress.set(key, recipient);
  }
  return [...byAddress.values()];
}
