import { instantOfWall } from './zoned-time.ts';

/** What somebody wrote for an instant: the instant itself (ISO 8601, UTC), or a scan. */
export type WrittenInstant =
  | { readonly kind: 'now' }
  | { readonly kind: 'at'; readonly at: string }
  | { readonly kind: 'scan'; readonly id: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'problem'; readonly message: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^#?(\d{1,9})$/;
const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** The forms that readInstant takes, for help and messages. */
export const INSTANT_FORMS =
  'a scan (its id, or its number in the group), a date and time such as 2026-11-24T02:00 or 2026-11-24T02:00:00Z, a date, or now';

/**
 * Reads an instant: a scan's id or number, `now`, or an ISO 8601 date with or without a time. Without
 * an offset it is a wall-clock time in the IANA zone; a date alone is its beginning there.
 */
export function readInstant(written: string, timeZone: string): WrittenInstant {
  const text = written.trim();
  if (text.toLowerCase() === 'now') return { kind: 'now' };
  if (UUID.test(text)) return { kind: 'scan', id: text.toLowerCase() };
  const number = NUMBER.exec(text);
  if (number) return { kind: 'number', number: Number(number[1]) };
  const at = readMoment(text, timeZone);
  if (at === undefined)
    return { kind: 'problem', message: `"${written}" is no instant: give ${INSTANT_FORMS}` };
  return { kind: 'at', at };
}

function readMoment(text: string, timeZone: string): string | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', offset] = match;
  const given = [year, Number(month) - 1, day, hour, minute, second].map(Number);
  const wall = Date.UTC(...(given as [number, number, number, number, number, number]));
  const back = new Date(wall);
  const parts = [
    back.getUTCFullYear(),
    back.getUTCMonth(),
    back.getUTCDate(),
    back.getUTCHours(),
    back.getUTCMinutes(),
    back.getUTCSeconds(),
  ];
  // 30 February would be 2 March.
  if (parts.some((part, at) => part !== given[at])) return undefined;
  if (offset && match[4] === undefined) return undefined;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const instant = offset ? wall - offsetMs(offset) : instantOfWall(wall, timeZone);
  return new Date(instant + ms).toISOString();
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const [hours, minutes] = [offset.slice(1, 3), offset.slice(-2)].map(Number) as [number, number];
  return sign * (hours * 60 + minutes) * 60_000;
}
