import type { ApiError } from '@netdelta/core/api/page.ts';

/**
 * A request that cannot be met, thrown from routes: its status (4xx), a code in kebab-case, a
 * message for a person, and every problem found. It becomes the body, an `ApiError`.
 */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: number;
  readonly code: string;
  readonly problems: ApiError['problems'];

  constructor(status: number, code: string, message: string, problems: ApiError['problems'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

/** The 404 of a thing that is not in this site: `notFound('group')`. */
export function notFound(what: string): RequestProblem {
  return new RequestProblem(404, 'not-found', `There is no such ${what} here.`);
}
