import { instantOfWall } from '@netdelta/core/past/zoned-time.ts';

/** Writes an instant as the value of an `<input type="datetime-local">` in a zone: `2026-11-24T02:00`. */
export function toLocalInput(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(iso));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * Reads a wall-clock time in a zone as an ISO instant (core/past/zoned-time says which, around clock
 * changes); null when the text is no date.
 */
export function fromLocalInput(local: string, timeZone: string): string | null {
  const wall = Date.parse(`${local}Z`);
  return Number.isNaN(wall) ? null : new Date(instantOfWall(wall, timeZone)).toISOString();
}
