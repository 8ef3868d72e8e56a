import { randomInt } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { newPassword } from '@netdelta/core/api/accounts.ts';
import { findWeakness } from '../../accounts/password-strength.ts';
import type { Surroundings } from '../surroundings.ts';

/** Without those that look alike; 20 of them are 99 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

type PasswordOutcome =
  | { readonly ok: true; readonly password: string; readonly generated: boolean }
  | { readonly ok: false; readonly problem: string };

/**
 * The password for somebody: the first line of what is piped in, when that is asked for, else a
 * random one. Never an argument, which every process of the machine could read.
 */
export async function readNewPassword(
  { input }: Pick<Surroundings, 'input'>,
  { fromStdin, known }: { fromStdin: boolean; known: readonly string[] },
): Promise<PasswordOutcome> {
  if (!fromStdin) return { ok: true, password: generatePassword(), generated: true };
  const [password = ''] = (await text(input())).split(/\r?\n/);
  const length = newPassword.safeParse(password).error?.issues[0]?.message;
  const problem = length ?? (await findWeakness(password, { known }));
  if (problem) return { ok: false, problem: `The password on stdin: ${problem}.` };
  return { ok: true, password, generated: false };
}

function generatePassword(): string {
  const letter = () => LETTERS[randomInt(LETTERS.length)] ?? '';
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
