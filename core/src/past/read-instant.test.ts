import { describe, expect, it } from 'vitest';
import { readInstant } from './read-instant.ts';

const ID = '2d1f4b4e-8a39-4b0e-9f57-0a1b2c3d4e5f';

describe('readInstant', () => {
  it.each([
    ['2026-11-24T02:00:00Z', 'Europe/Berlin', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T02:00:00.1239Z', 'UTC', '2026-11-24T02:00:00.123Z'],
    ['2026-11-24T02:00+05:30', 'Europe/Berlin', '2026-11-23T20:30:00.000Z'],
    ['2026-11-24T02:00', 'Europe/Berlin', '2026-11-24T01:00:00.000Z'],
    ['2026-11-24 02:00:07', 'America/New_York', '2026-11-24T07:00:07.000Z'],
    ['2026-07-24', 'Europe/Berlin', '2026-07-23T22:00:00.000Z'],
    // The night on which the clocks go forward: there is no 02:30, an hour later is meant.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // The night on which they go back: 02:30 comes twice, the first one is meant.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30+01:00', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    // A day that begins at one o'clock.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['2026-11-24', 'Pacific/Kiritimati', '2026-11-23T10:00:00.000Z'],
    ['2026-11-24', 'Pacific/Pago_Pago', '2026-11-24T11:00:00.000Z'],
  ])('%s in %s', (text, zone, at) => {
    expect(readInstant(text, zone)).toEqual({ kind: 'at', at });
  });

  it.each([
    [' now ', { kind: 'now' }],
    [ID.toUpperCase(), { kind: 'scan', id: ID }],
    ['#12', { kind: 'number', number: 12 }],
    ['12', { kind: 'number', number: 12 }],
  ])('%s', (text, read) => {
    expect(readInstant(text, 'UTC')).toEqual(read);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-11-24T24:30',
    '2026-11-24Z',
    '24.11.2026',
  ])('"%s" is refused, with the forms that are taken', (text) => {
    expect(readInstant(text, 'UTC')).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining(`"${text}" is no instant: give a scan`),
    });
  });
});
