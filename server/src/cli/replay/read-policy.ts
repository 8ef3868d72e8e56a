import { readFile } from 'node:fs/promises';
import { type ReplayPolicy, replayPolicy } from '@netdelta/core/api/replay.ts';
import type { z } from 'zod';

type PolicyOutcome =
  | { readonly ok: true; readonly policy: ReplayPolicy }
  /** One sentence a problem, each beginning with the file, then the path in it. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a policy to try from a JSON file, with all that is wrong in it. */
export async function readPolicy(file: string): Promise<PolicyOutcome> {
  const text = await readFile(file, 'utf8').catch((error: Error) => error);
  if (text instanceof Error)
    return { ok: false, problems: [`${file} cannot be read: ${text.message}`] };
  const outcome = replayPolicy.safeParse(parseJson(text));
  if (outcome.success) return { ok: true, policy: outcome.data };
  const problems = outcome.error.issues.flatMap(describeIssue);
  return { ok: false, problems: problems.map((problem) => `${file}: ${problem}`) };
}

/** What is no JSON is no object either, and refused as that. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const KNOWN = Object.keys(replayPolicy.shape).join(', ');

function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${key}: is not known; there are ${KNOWN}`);
  if (issue.path.length > 0) return [`${issue.path.join('.')}: ${issue.message}`];
  if (issue.code === 'invalid_type') return ['has to be a JSON object, such as {"downAfter": 3}'];
  return [issue.message];
}
