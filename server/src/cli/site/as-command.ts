import { userInfo } from 'node:os';
import type { AuditSource } from '../../audit/record-audit.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import { WrongUse } from '../people/run-on-database.ts';

/** Who acts by a command: the user of this machine who gave it. */
export function sourceOfCommand(): AuditSource {
  const actor = { kind: 'command', id: null, name: userInfo().username } as const;
  return { actor, address: null, userAgent: null };
}

/** Does what a route does too; what that refuses is wrong use, with all its problems. */
export async function asCommand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    const problems = error.problems.map(({ path, line, text, message }) => {
      const place = line === undefined ? path : `${path}, line ${line}: "${text}"`;
      return `  ${place} ${message}`;
    });
    throw new WrongUse([error.message, ...problems].join('\n'));
  }
}
