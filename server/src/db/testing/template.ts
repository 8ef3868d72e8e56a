export const TEMPLATE = 'netdelta_template';

/** The URL of another database on the same Postgres. */
export function urlOf(url: string, name: string): string {
  return url.replace(/^(postgresql:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}
