import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createNmapNdiff } from '../scanners/nmap-ndiff.ts';
import { expectOf } from '../score/expected.ts';
import { scoreRounds } from '../score/score.ts';
import type { LabChange } from '../truth/change.ts';
import { type HostKind, listOpen, listUp, type TrueHost } from '../truth/truth.ts';
import { createLabNetwork, type LabNetwork } from './lab-network.ts';
import { findLabProblem } from './possible.ts';
import { runCommand } from './run-command.ts';
import type { AskAnswer, AskOrder } from './testing/ask.ts';

const problem = await findLabProblem();
if (problem) process.stderr.write(`The tests of the lab's network are skipped. ${problem}\n`);

const ASK = path.join(import.meta.dirname, 'testing/ask.ts');
/** Shorter than the second after which the kernel sends a SYN again: one probe, one packet. */
const ONE_PROBE_MS = 400;

let network: LabNetwork;

async function askAll(
  endpoints: AskOrder['endpoints'],
  { timeoutMs = ONE_PROBE_MS, gapMs = 0 } = {},
): Promise<AskAnswer[]> {
  const input = JSON.stringify({ endpoints, timeoutMs, gapMs } satisfies AskOrder);
  const words = ['ip', 'netns', 'exec', network.near, process.execPath, ASK] as const;
  return JSON.parse(await runCommand(words, { input }));
}

async function ask(address: string, port: number): Promise<AskAnswer['outcome'] | undefined> {
  const [answer] = await askAll([[address, port]]);
  return answer?.outcome;
}

async function listPingable(addresses: readonly string[]): Promise<string[]> {
  const words = ['nmap', '-n', '-sn', '-PE', '-T4', '--disable-arp-ping', '-oG', '-'];
  const text = await runCommand(['ip', 'netns', 'exec', network.near, ...words, ...addresses]);
  return [...text.matchAll(/^Host: (\S+) .*Status: Up/gm)].map(([, address = '']) => address);
}

function hostOf(kind: HostKind, place = 0): TrueHost {
  const host = listUp(network.truth()).filter((one) => one.kind === kind && !one.leaf)[place];
  if (!host) throw new Error(`the test network has no ${kind} host`);
  return host;
}

const openPortOf = (host: TrueHost) => listOpen(host)[0] ?? 0;
const endpointOf = (host: TrueHost) => [host.address, openPortOf(host)] as const;
/** No service of the lab is ever there. */
const CLOSED = 7;

describe.skipIf(problem)('a network of the lab', () => {
  beforeAll(async () => {
    network = await createLabNetwork({
      mix: { rejecting: 3, speaking: 1, filtering: 1, limited: 1, pingOnly: 1 },
      leaves: 2,
    });
  });
  afterEach(async () => {
    await network.setLoss({ forward: 0, back: 0 });
    await network.setBurst(null);
    await network.setOutage('none');
  });
  afterAll(() => network?.close());

  // First, as listeners repeat their answers for a while once some were lost.
  test('packets are counted where the scanner is: sent before any loss, received after all', async () => {
    const endpoints = Array(50).fill([hostOf('filtering').address, CLOSED]);
    await network.readCounters({ reset: true });
    await askAll(endpoints);
    expect(await network.readCounters({ reset: true })).toEqual({ sent: 50, received: 0 });
    expect(await network.readCounters()).toEqual({ sent: 0, received: 0 });
    await network.setLoss({ forward: 0, back: 1 });
    await askAll([[hostOf('rejecting').address, CLOSED]]);
    expect(await network.readCounters({ reset: true })).toEqual({ sent: 1, received: 0 });
    await network.setLoss({ forward: 0, back: 0 });
    await askAll([[hostOf('rejecting').address, CLOSED]]);
    expect(await network.readCounters()).toEqual({ sent: 1, received: 1 });
  });

  test('hosts answer as their kind does', async () => {
    const [rejecting, filtering] = [hostOf('rejecting'), hostOf('filtering')];
    expect(await ask(...endpointOf(rejecting))).toBe('open');
    expect(await ask(rejecting.address, CLOSED)).toBe('refused');
    expect(await ask(...endpointOf(filtering))).toBe('open');
    expect(await ask(filtering.address, CLOSED)).toBe('silent');
    const { address } = hostOf('pingOnly');
    expect(await ask(address, CLOSED)).toBe('silent');
    expect(await listPingable([address, '10.77.1.32'])).toEqual([address]);
    expect(await ask('10.77.1.32', CLOSED)).toBe('silent');
  });

  test('a limited host refuses a few of many', async () => {
    const { address } = hostOf('limited');
    const answers = await askAll(Array(100).fill([address, CLOSED]));
    const refused = answers.filter(({ outcome }) => outcome === 'refused').length;
    expect(refused).toBeGreaterThan(4);
    expect(refused).toBeLessThan(60);
  });

  test('services open, close by refusal and into silence', async () => {
    const { address } = hostOf('rejecting', 1);
    const port = 8888;
    const happen = async (change: LabChange) => {
      await network.apply(change);
      return ask(address, port);
    };
    if (network.truth().get(address)?.services.has(port))
      await network.apply({ kind: 'closed', address, port, into: 'refusal' });
    expect(await happen({ kind: 'opened', address, port, speech: null })).toBe('open');
    expect(await happen({ kind: 'closed', address, port, into: 'silence' })).toBe('silent');
    expect(await happen({ kind: 'opened', address, port, speech: null })).toBe('open');
    expect(await happen({ kind: 'closed', address, port, into: 'refusal' })).toBe('refused');
    expect(network.truth().get(address)?.services.has(port)).toBe(false);
  });

  test('hosts go, come back, and appear', async () => {
    const host = hostOf('rejecting', 1);
    await network.apply({ kind: 'gone', address: host.address });
    expect(await ask(...endpointOf(host))).toBe('silent');
    expect(await listPingable([host.address])).toEqual([]);
    const fresh = { ...host, address: '10.77.2.31' };
    await network.apply({ kind: 'back', address: host.address }, { kind: 'new', host: fresh });
    expect(await ask(...endpointOf(host))).toBe('open');
    expect(await ask(...endpointOf(fresh))).toBe('open');
  });

  test('a service speaks, and then in another version', async () => {
    const { address } = hostOf('speaking');
    const speak = async (version: string) => {
      const speech = { product: 'openssh', version } as const;
      const open = network.truth().get(address)?.services.has(22);
      await network.apply({ kind: open ? 'version' : 'opened', address, port: 22, speech });
      return (await askAll([[address, 22]]))[0]?.greeting;
    };
    expect(await speak('9.2p1')).toBe('SSH-2.0-OpenSSH_9.2p1\r\n');
    expect(await speak('9.9p1')).toBe('SSH-2.0-OpenSSH_9.9p1\r\n');
  });

  test('a host that turns into a tarpit answers on every port, and then no longer', async () => {
    const { address } = hostOf('rejecting', 2);
    const outcomes = async () => {
      const answers = await askAll([1, 7, 5000, 65_535].map((port) => [address, port]));
      return new Set(answers.map(({ outcome }) => outcome));
    };
    await network.apply({ kind: 'turned', address, into: 'tarpit' });
    expect(await outcomes()).toEqual(new Set(['open']));
    await network.apply({ kind: 'turned', address, into: 'rejecting' });
    expect(await outcomes()).toEqual(new Set(['refused']));
  });

  test('a host of the own segment keeps its MAC wherever it moves', async () => {
    const [host] = listUp(network.truth()).filter(({ leaf }) => leaf);
    if (!host) throw new Error('no leaf');
    const to = '10.79.0.13';
    const seen = async (address: string) => {
      const words = ['nmap', '-n', '-sn', '-oN', '-', address];
      const text = await runCommand(['ip', 'netns', 'exec', network.near, ...words]);
      return /MAC Address: (\S+)/.exec(text)?.[1]?.toLowerCase();
    };
    expect(await seen(host.address)).toBe(host.leaf?.mac);
    await network.apply({ kind: 'moved', address: host.address, to });
    expect(await seen(to)).toBe(host.leaf?.mac);
    expect(await seen(host.address)).toBeUndefined();
    expect(await ask(to, openPortOf(host))).toBe('open');
    await network.apply({ kind: 'gone', address: to });
    expect(await seen(to)).toBeUndefined();
  });

  test.each([
    // A connect succeeds when neither its SYN nor the answer is lost.
    { forward: 0.3, back: 0, answered: 0.7 },
    { forward: 0, back: 0.3, answered: 0.7 },
    { forward: 0.5, back: 0.5, answered: 0.25 },
    { forward: 1, back: 0, answered: 0 },
    { forward: 0, back: 0, answered: 1 },
  ])('$forward forward and $back back is lost', async ({ answered, ...loss }) => {
    await network.setLoss(loss);
    const outcomes = await askAll(Array(400).fill(endpointOf(hostOf('rejecting'))));
    const open = outcomes.filter(({ outcome }) => outcome === 'open').length;
    // numgen has no seed: five standard deviations of 400 tries.
    expect(Math.abs(open / 400 - answered)).toBeLessThan(0.125);
    if (answered === 0 || answered === 1) expect(open / 400).toBe(answered);
  });

  test('bursts come and go', async () => {
    await network.setBurst({ meanGoodMs: 200, meanBadMs: 200, seed: 1 });
    const outcomes = await askAll(Array(150).fill(endpointOf(hostOf('rejecting'))), { gapMs: 20 });
    const open = outcomes.map(({ outcome }) => outcome === 'open');
    const share = open.filter(Boolean).length / open.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.85);
    // Independent loss of a half would agree with its neighbour in half of the cases.
    const alike = open.filter((one, n) => n > 0 && one === open[n - 1]).length / open.length;
    expect(alike).toBeGreaterThan(0.65);
    await network.setBurst(null);
    expect(await ask(...endpointOf(hostOf('rejecting')))).toBe('open');
  });

  test('outages of one subnet, and of the scanner', async () => {
    const [first, second] = ['10.77.1.1', '10.77.2.1'].map((address) => [address, CLOSED] as const);
    if (!first || !second) throw new Error('no endpoints');
    const outcomes = async () => (await askAll([first, second])).map(({ outcome }) => outcome);
    await network.setOutage({ subnet: '10.77.2.0/24' });
    expect(await outcomes()).toEqual(['refused', 'silent']);
    await network.setOutage('scanner');
    expect(await outcomes()).toEqual(['silent', 'silent']);
    await network.setOutage('none');
    expect(await outcomes()).toEqual(['refused', 'refused']);
  });

  test('nmap and ndiff tell a change, and nothing else, of a path without loss', async () => {
    const addresses = network.addresses.slice(0, 10);
    const scanner = await createNmapNdiff('minrate3')(
      { ...network, addresses },
      { versions: false },
    );
    try {
      const first = await scanner.scan();
      expect(first.reported).toEqual([]);
      const { address } = hostOf('rejecting');
      const change = { kind: 'gone', address } as const;
      const expected = expectOf(network.truth(), change);
      await network.apply(change);
      const { reported } = await scanner.scan();
      const hosts = listUp(network.truth()).length;
      expect(scoreRounds([{ expected, reported, hosts }])).toMatchObject({ same: 1, falses: 0 });
    } finally {
      await scanner.close();
    }
  });
});

test.skipIf(problem)('nothing is left of a network that is closed', async () => {
  const closed = await createLabNetwork({ subnets: [1], mix: { rejecting: 1 }, leaves: 1 });
  const places = ['near', 'far', 'leaf1'].map((place) => closed.near.replace(/near$/, place));
  const isThere = (name: string) => existsSync(`/run/netns/${name}`);
  expect(places.filter(isThere)).toEqual(places);
  await closed.close();
  expect(places.filter(isThere)).toEqual([]);
});
