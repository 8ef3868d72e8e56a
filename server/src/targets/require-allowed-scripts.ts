import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { SiteTransaction } from '../db/database.ts';
import { RequestProblem } from '../http/request-problem.ts';
import { selectAllowedScripts } from './script-queries.ts';

/** Refuses scripts that the platform does not allow, each at its place. */
export async function requireAllowedScripts(
  tx: SiteTransaction,
  { scripts }: Pick<ScanOptions, 'scripts'>,
): Promise<void> {
  if (scripts.length === 0) return;
  const allowed = await selectAllowedScripts(tx);
  const problems = scripts.flatMap((name, at) =>
    allowed.has(name)
      ? []
      : [{ path: `options.scripts.${at}`, message: `"${name}" is not allowed on this platform` }],
  );
  if (problems.length === 0) return;
  const message = `Scripts that may be named: ${[...allowed].sort().join(', ')}. Whoever runs NetDelta can allow others: netdelta scripts allow.`;
  throw new RequestProblem(400, 'scripts-not-allowed', message, problems);
}
