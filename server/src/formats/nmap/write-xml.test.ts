import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { portSetOf } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation, PortState, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNmapXml } from './parse.ts';
import { type WrittenScan, writeScanXml } from './write-xml.ts';
import { xmlText } from './xml-text.ts';

const buildScan = (snapshot: Snapshot, overrides: Partial<WrittenScan> = {}): WrittenScan => ({
  scanner: 'netdelta',
  version: '24.21.0',
  args: 'connect ports=22 "a&b"',
  start: 1_795_507_303,
  end: 1_795_507_310,
  finished: true,
  snapshot,
  ...overrides,
});
const readBack = (scan: WrittenScan) =>
  readNmapXml(Readable.from([Buffer.from([...writeScanXml(scan)].join(''))]));

const CORPUS = new URL('./corpus/', import.meta.url);
const recorded = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')).snapshot] as const)
  .filter(([, snapshot]) => snapshot.hosts.length > 0 && sharesCoverage(snapshot));

/** One list of ports stands for all hosts of a scan: which was so wherever nmap wrote it down. */
function sharesCoverage({ hosts }: Snapshot): boolean {
  const asked = hosts.filter(({ status }) => status === 'up').map(({ covered }) => covered);
  return new Set(asked.map((covered) => JSON.stringify(covered))).size <= 1;
}

describe('what real scans saw is read back the same', () => {
  it.each(recorded)('%s', async (_name, snapshot: Snapshot) => {
    const { snapshot: read, problem, truncated } = await readBack(buildScan(snapshot));
    expect({ problem, truncated }).toEqual({ truncated: false });
    expect(read.hosts).toEqual(snapshot.hosts);
    expect(read.uncovered).toEqual(
      snapshot.uncovered.filter(({ reason }) => reason === 'host-timeout'),
    );
  });
});

/** Nothing that is replaced on writing. */
const isWritable = (one: string) => !xmlText(one).includes('\ufffd');
const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((one) => one.trim());
const given = text.filter((one) => one !== '' && isWritable(one));
const COVERED = portSetOf([1, 2, 3, 4]);
const anyEndpoint = fc.record({
  state: fc.constantFrom<PortState>('open', 'closed', 'filtered', 'silent'),
  product: given,
  extraInfo: given,
  output: fc.string().filter(isWritable),
});
const REASONS = {
  open: 'syn-ack',
  closed: 'conn-refused',
  filtered: 'host-unreach',
  silent: 'no-response',
};
const anyHost = fc
  .record({
    endpoints: fc.array(anyEndpoint, { maxLength: 3 }),
    names: fc.uniqueArray(given),
    silent: fc.boolean(),
  })
  .map(
    ({ endpoints, names, silent }): Omit<HostObservation, 'address'> => ({
      status: silent ? 'silent' : 'up',
      reason: silent ? 'no-response' : 'syn-ack',
      names,
      endpoints: silent
        ? []
        : endpoints.map(({ state, product, extraInfo, output }, index) => ({
            protocol: 'tcp',
            port: index + 1,
            state,
            reason: REASONS[state],
            ...(state === 'open' && { service: { method: 'probed', product, extraInfo } }),
            ...(output && { scripts: [{ id: 'x', output }] }),
          })),
      rest: [{ protocol: 'tcp', ports: portSetOf([4]), state: 'silent', reason: 'no-response' }],
      covered: { tcp: COVERED, udp: [] },
    }),
  );

it('whatever hosts say is read back the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHost, { maxLength: 4 }), async (hosts) => {
      const snapshot = {
        hosts: hosts.map((host, index) => ({ ...host, address: `10.0.0.${index}` })),
        uncovered: [],
      };
      expect((await readBack(buildScan(snapshot))).snapshot).toEqual(snapshot);
    }),
  );
});

it('tells its own heading, and whether all was finished', async () => {
  const run = await readBack(buildScan({ hosts: [], uncovered: [] }));
  expect(run).toMatchObject({
    scanner: 'netdelta',
    version: '24.21.0',
    args: 'connect ports=22 "a&b"',
    start: 1_795_507_303,
    end: 1_795_507_310,
    exit: 'success',
  });
  const cut = await readBack(buildScan({ hosts: [], uncovered: [] }, { finished: false }));
  expect(cut).toMatchObject({ exit: 'error', truncated: false });
});

it('replaces what no XML can hold', () => {
  const xml = [
    ...writeScanXml(buildScan({ hosts: [], uncovered: [] }, { args: 'a\u0000\u001bb\nc' })),
  ];
  expect(xml.join('')).toContain('args="a\ufffd\ufffdb&#10;c"');
});
