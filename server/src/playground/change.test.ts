import { expect, test } from 'vitest';
import { applyChange, type Change, decideChange, describeChange } from './change.ts';
import {
  buildNetwork,
  endpointOf,
  SLOT_NAMES,
  SLOTS,
  type SlotName,
  type SlotPorts,
} from './network.ts';
import { createRandom } from './random.ts';

const ports = Object.fromEntries(SLOT_NAMES.map((slot) => [slot, SLOTS[slot].ports[0]])) as Record<
  SlotName,
  number
> satisfies SlotPorts;

/** The first `count` changes of a seed, and the network after them. */
function play(seed: number, count: number) {
  const random = createRandom(seed);
  const changes: Change[] = [];
  let network = buildNetwork(ports);
  for (let n = 0; n < count; n += 1) {
    const change = decideChange(network, ports, random);
    changes.push(change);
    network = applyChange(network, change);
  }
  return { changes, network };
}

test('a network of twenty hosts stands at the beginning, the same each time', () => {
  const network = buildNetwork(ports);
  expect(new Set([...network.values()].map(({ address }) => address)).size).toBe(20);
  expect(buildNetwork(ports)).toEqual(network);
});

test('the same seed gives the same changes, another seed others', () => {
  const sentences = (seed: number) => play(seed, 50).changes.map(describeChange);
  expect(sentences(1)).toEqual(sentences(1));
  expect(sentences(2)).not.toEqual(sentences(1));
});

test('every kind of change comes, shells among them', () => {
  const { changes } = play(1, 100);
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['open', 'close', 'version']));
  expect(changes.some((change) => change.kind === 'open' && change.after.slot === 'shell')).toBe(
    true,
  );
});

test('every change is a true one, and no host loses its last service', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    let network = buildNetwork(ports);
    for (const change of play(seed, 300).changes) {
      const held = (service: { address: string; port: number }) => network.get(endpointOf(service));
      if (change.kind === 'open') expect(held(change.after)).toBeUndefined();
      else expect(held(change.before)).toEqual(change.before);
      if (change.kind === 'version') expect(change.after.version).not.toBe(change.before.version);
      network = applyChange(network, change);
    }
    expect(new Set([...network.values()].map(({ address }) => address)).size).toBe(20);
  }
});

test('a change reads as a person would say it', () => {
  const before = { address: '127.0.1.7', slot: 'http', port: 80, product: 'nginx' } as const;
  const from = { ...before, version: '1.22.1' };
  expect(describeChange({ kind: 'close', before: from })).toBe(
    '127.0.1.7 tcp/80 closed: nginx 1.22.1',
  );
  expect(
    describeChange({ kind: 'version', before: from, after: { ...before, version: '1.24.0' } }),
  ).toBe('127.0.1.7 tcp/80 changed from nginx 1.22.1 to nginx 1.24.0');
});
