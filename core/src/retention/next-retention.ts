import { nextRuns } from '../schedule/next-runs.ts';

const FIRST_HOUR = 1;
const MINUTES = 4 * 60;
const HASH_DIGITS = 8;

/**
 * When retention runs in a site next after `after` (ISO 8601, UTC): once a day between 01:00 and
 * 05:00 by the clock of its time zone (IANA), each site at a minute of its own, so that many sites
 * spread over these hours. `siteId`: a uuid.
 */
export function nextRetention(siteId: string, timeZone: string, after: string): string {
  const minute = Number.parseInt(siteId.replaceAll('-', '').slice(0, HASH_DIGITS), 16) % MINUTES;
  const cron = `${minute % 60} ${FIRST_HOUR + Math.floor(minute / 60)} * * *`;
  const [next] = nextRuns({ kind: 'cron', cron, timeZone }, after, 1);
  if (!next) throw new Error(`There is no ${cron} in ${timeZone}`);
  return next;
}
