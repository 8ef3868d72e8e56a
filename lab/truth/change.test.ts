import { expect, test } from 'vitest';
import { applyChange, ImpossibleChange, type LabChange } from './change.ts';
import { listOpen, listUp, type TrueHost, type Truth } from './truth.ts';

const ADDRESS = '10.77.1.1';

function buildHost(overrides: Partial<TrueHost> = {}): TrueHost {
  return {
    address: ADDRESS,
    name: 'host.example',
    kind: 'rejecting',
    up: true,
    services: new Map([[80, null]]),
    silent: new Set(),
    ...overrides,
  };
}

const buildTruth = (...hosts: TrueHost[]): Truth =>
  new Map(hosts.map((host) => [host.address, host]));

const before = buildTruth(buildHost());
const opened: LabChange = { kind: 'opened', address: ADDRESS, port: 22, speech: null };
const silenced: LabChange = { kind: 'closed', address: ADDRESS, port: 80, into: 'silence' };

test.each<[string, LabChange, Truth]>([
  [
    'opened',
    opened,
    buildTruth(
      buildHost({
        services: new Map([
          [80, null],
          [22, null],
        ]),
      }),
    ),
  ],
  [
    'closed by refusal',
    { kind: 'closed', address: ADDRESS, port: 80, into: 'refusal' },
    buildTruth(buildHost({ services: new Map() })),
  ],
  [
    'closed into silence',
    silenced,
    buildTruth(buildHost({ services: new Map(), silent: new Set([80]) })),
  ],
  ['gone', { kind: 'gone', address: ADDRESS }, buildTruth(buildHost({ up: false }))],
  [
    'moved',
    { kind: 'moved', address: ADDRESS, to: '10.77.1.9' },
    buildTruth(buildHost({ address: '10.77.1.9' })),
  ],
  [
    'turned',
    { kind: 'turned', address: ADDRESS, into: 'tarpit' },
    buildTruth(buildHost({ kind: 'tarpit' })),
  ],
])('%s', (_name, change, after) => {
  expect(applyChange(before, change)).toEqual(after);
  expect(before).toEqual(buildTruth(buildHost()));
});

test('a port that opens again is silent no longer', () => {
  const again: LabChange = { kind: 'opened', address: ADDRESS, port: 80, speech: null };
  expect(applyChange(applyChange(before, silenced), again)).toEqual(before);
});

test('a host that is back has the services that it had', () => {
  const gone = applyChange(before, { kind: 'gone', address: ADDRESS });
  expect(listUp(gone)).toEqual([]);
  expect([...gone.values()].flatMap(listOpen)).toEqual([]);
  expect(applyChange(gone, { kind: 'back', address: ADDRESS })).toEqual(before);
});

test.each<LabChange>([
  { kind: 'opened', address: ADDRESS, port: 80, speech: null },
  { kind: 'closed', address: ADDRESS, port: 22, into: 'refusal' },
  { kind: 'version', address: ADDRESS, port: 22, speech: null },
  { kind: 'back', address: ADDRESS },
  { kind: 'gone', address: '10.77.1.2' },
  { kind: 'new', host: buildHost() },
  { kind: 'moved', address: ADDRESS, to: ADDRESS },
  { kind: 'turned', address: ADDRESS, into: 'rejecting' },
])('what would change nothing is refused: $kind', (change) => {
  expect(() => applyChange(before, change)).toThrow(ImpossibleChange);
});
