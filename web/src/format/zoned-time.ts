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
 * Reads a wall-clock time in a zone as an ISO instant; null when the text is no date. A time that a
 * clock change skips is read as one of the hours beside it.
 */
export function fromLocalInput(local: string, timeZone: string): string | null {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  let instant = wall;
  // The offset is only known at the instant sought: the second round corrects the guess of the first.
  for (let round = 0; round < 2; round += 1)
    instant += wall - Date.parse(`${toLocalInput(new Date(instant).toISOString(), timeZone)}Z`);
  return new Date(instant).toISOString();
}
