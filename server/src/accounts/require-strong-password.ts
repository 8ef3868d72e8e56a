import { RequestProblem } from '../http/request-problem.ts';
import { findWeakness } from './password-strength.ts';

/** @throws RequestProblem 400 that says why the password is too weak; `known`: see PasswordContext */
export async function requireStrongPassword(
  password: string,
  known: readonly string[],
): Promise<void> {
  const weakness = await findWeakness(password, { known });
  if (!weakness) return;
  const problems = [{ path: 'password', message: weakness }];
  throw new RequestProblem(400, 'weak-password', 'This password is too weak.', problems);
}
