import { describe, expect, it } from 'vitest';
import type { InspectedFile } from './inspect-file.ts';
import { orderFiles } from './order-files.ts';

const file = (name: string, times: { start?: string; end?: string } = {}, digest = name) =>
  ({
    ...{ name, path: name, digest: Buffer.from(digest), bytes: 1, privileged: true },
    run: { scanner: 'nmap', version: '', args: '', services: { tcp: [], udp: [] } },
    startedAt: times.start ? new Date(times.start) : null,
    endedAt: times.end ? new Date(times.end) : null,
  }) satisfies InspectedFile;

const AT = new Date('2025-01-05T00:00:00Z');
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

describe('the order of files', () => {
  it('is that of the ends of their scans, then of their beginnings and names', () => {
    const files = [
      file('d', { start: '2025-01-02T00:30:00Z', end: '2025-01-02T01:00:00Z' }),
      file('c', { start: '2025-01-02T00:30:00Z', end: '2025-01-02T01:00:00Z' }),
      file('b', { start: '2025-01-02T00:00:00Z', end: '2025-01-02T01:00:00Z' }),
      file('long', { start: '2025-01-01T00:00:00Z', end: '2025-01-03T00:00:00Z' }),
      file('a', { start: '2025-01-01T12:00:00Z', end: '2025-01-01T13:00:00Z' }),
    ];
    expect(names(orderFiles(files, null).dated)).toEqual(['a', 'b', 'c', 'd', 'long']);
  });

  it('takes files of the same content once', () => {
    const end = { end: '2025-01-02T00:00:00Z' };
    const { dated, doubles } = orderFiles([file('a', end, 'x'), file('b', end, 'x')], null);
    expect(names(dated)).toEqual(['a']);
    expect(doubles.map((double) => [double.file.name, double.of.name])).toEqual([['b', 'a']]);
  });

  it('gives a time that a person told to the only file that tells none', () => {
    const known = file('a', { end: '2025-01-06T00:00:00Z' });
    const one = orderFiles([known, file('b')], AT);
    expect([names(one.dated), one.timeless]).toEqual([['b', 'a'], []]);
    const two = orderFiles([known, file('b'), file('c')], AT);
    expect([names(two.dated), names(two.timeless)]).toEqual([['a'], ['b', 'c']]);
    expect(names(orderFiles([file('b')], null).timeless)).toEqual(['b']);
  });
});
