import { RequestProblem } from '../http/request-problem.ts';

/** Postgres error code, https://www.postgresql.org/docs/18/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/** Makes the database's refusal of a second thing of one name a 409 that says which name to change. */
export async function refuseTakenName<T>(
  what: 'group' | 'profile',
  name: string,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `A ${what} named "${name}" exists already: choose another name.`;
    throw new RequestProblem(409, 'name-taken', message, [{ path: 'name', message }]);
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}
