import type { Contact } from '@netdelta/core/evidence/contact.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { decideSight } from '@netdelta/core/host/decide-sight.ts';
import { scanOptions } from '@netdelta/core/profile/options.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { describe, expect, it } from 'vitest';
import type { Engine, EngineRequest } from '../../engines/engine.ts';
import type { ProbeAnswer, Prober } from '../../engines/prober/prober.ts';
import { lookAtShard } from './look.ts';

const OPEN: ProbeAnswer = { state: 'open', reason: 'syn-ack' };
const SILENT: ProbeAnswer = { state: 'silent', reason: 'no-response' };
const RULES = { downAfter: 'evidence', serviceDownAfter: 'evidence' } as const;
const PORTS = [22, 80, 443];

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `10.9.0.${at + 1}`);
const whole = (address: string) =>
  buildSeen(
    PORTS.map((port) => buildOpen(port)),
    { address },
  );
const silentPorts = (address: string, ports = PORTS) =>
  buildSeen(
    PORTS.map((port) =>
      ports.includes(port)
        ? buildOpen(port, { state: 'silent', reason: 'no-response' })
        : buildOpen(port),
    ),
    { address, rest: [] },
  );

type Reply = (address: string, contact: Contact) => ProbeAnswer | null;

interface Scene {
  /** What was there before; it is believed. */
  readonly before: readonly HostObservation[];
  readonly sweep: (request: EngineRequest) => readonly HostObservation[];
  readonly reply: Reply;
  readonly sentinels?: readonly { address: string; contacts: readonly Contact[] }[];
  readonly signal?: AbortSignal;
  /** As nmap, which does not tell how many of its probes were lost. */
  readonly countsNothing?: true;
  /** Called at each round of asking again. */
  readonly onAsk?: () => void;
}

/** Believes what was there before, looks once more, and judges. Without loss: five probes are enough. */
async function look(scene: Scene) {
  const beliefs = believe(scene.before);
  const seen: string[][] = [];
  const engine: Engine = {
    name: 'connect',
    detect: () => Promise.reject(new Error('not asked')),
    run: async (request) => {
      seen.push([...request.addresses]);
      const hosts = scene.sweep(request);
      const counts = new Map(
        hosts.map(({ address }) => [address, { answered: 500, unanswered: 0 }]),
      );
      const snapshot = { hosts, uncovered: [] };
      return { end: 'finished', snapshot, counts, command: ['test'], version: '1' };
    },
  };
  const prober: Prober = {
    ask: async (requests) => {
      scene.onAsk?.();
      return requests.map(({ address, contact }) => scene.reply(address, contact));
    },
    identify: async (endpoints) => endpoints.map(() => undefined),
  };
  const { sight, cost } = await lookAtShard(
    { engine, prober },
    {
      addresses: scene.before.map(({ address }) => address),
      options: scanOptions.parse({}),
      known: beliefs,
      sentinels: scene.sentinels ?? [],
      signal: scene.signal ?? new AbortController().signal,
      seed: 1,
      onProgress: () => undefined,
    },
  );
  const { deltas } = decideSight({ sight, frame: frame(2), beliefs, rulesOf: () => RULES });
  return { sight, cost, runs: seen, kinds: deltas.map(({ kind }) => kind) };
}

const frame = (number: number) => ({
  ...{ way: 'w', first: number === 1, number },
  now: { scanId: `s${number}`, at: `2026-11-0${number}T02:00:00Z` },
});

function believe(hosts: readonly HostObservation[]): Map<string, HostBelief> {
  const sight = { findings: [], sentinels: [], path: 'clear', openDecoys: {} } as const;
  const snapshot = { hosts, uncovered: [] };
  const { verdicts } = decideSight({
    ...{ sight: { ...sight, snapshot }, frame: frame(1), beliefs: new Map() },
    rulesOf: () => RULES,
  });
  return new Map(verdicts.map(({ decision: { belief } }) => [belief.address, belief]));
}

// Asking again mostly waits: all at the same time.
describe.concurrent('a look at a shard', () => {
  const [first = '', second = ''] = addresses(2);

  it('tells what stays silent, as long as anything else answers', async () => {
    const { kinds, cost } = await look({
      before: [whole(first), whole(second)],
      sweep: () => [silentPorts(first, [80]), whole(second)],
      reply: (address, contact) => (address === first && contact === 'tcp/80' ? SILENT : OPEN),
    });
    expect(kinds).toEqual(['service.filtered']);
    expect(cost).toMatchObject({ confirmed: 1, refuted: 0 });
  });

  it('sweeps a host once more that answers only when it is asked again', async () => {
    const { kinds, runs, sight } = await look({
      before: [whole(first), whole(second)],
      sweep: ({ addresses: [only], addresses: all }) =>
        all.length === 1
          ? [whole(only as string)]
          : [buildUnanswered({ address: first }), whole(second)],
      reply: () => OPEN,
    });
    expect(runs).toEqual([[first, second], [first]]);
    expect(kinds).toEqual([]);
    expect(sight.snapshot.hosts[0]).toMatchObject({
      status: 'up',
      covered: {
        tcp: [
          [22, 22],
          [80, 80],
          [443, 443],
        ],
      },
    });
  });

  it('concludes nothing from silence when the link fails while ports are asked', async () => {
    const all = addresses(6);
    const { kinds } = await look({
      before: all.map(whole),
      sweep: () => all.map((address) => silentPorts(address)),
      reply: () => SILENT,
      sentinels: [{ address: '10.8.0.1', contacts: ['tcp/443'] }],
    });
    expect(kinds).toEqual(['scanner.blind']);
  });

  it('concludes nothing from silence when the link fails while it asks again', async () => {
    let rounds = 0;
    const { kinds } = await look({
      before: [whole(first), whole(second)],
      sweep: () => [silentPorts(first, [80]), whole(second)],
      onAsk: () => {
        rounds += 1;
      },
      reply: () => (rounds > 0 ? SILENT : OPEN),
    });
    expect(kinds).toEqual(['scanner.blind']);
  });

  it('with an engine that counts no loss, measures it first, and asks a host longer that is hard to hear', async () => {
    const hard = silentPorts(first, [443]);
    let asked = 0;
    const { sight, cost } = await look({
      before: [whole(first), ...addresses(9).slice(1).map(whole)],
      sweep: () => [hard, ...addresses(9).slice(1).map(whole)],
      countsNothing: true,
      reply: (address, contact) => {
        if (address !== first) return OPEN;
        if (contact === 'tcp/443') return SILENT;
        asked += 1;
        return asked % 2 === 0 ? OPEN : SILENT;
      },
    });
    const [finding] = sight.findings;
    expect(finding?.loss).toBeGreaterThan(cost.loss ?? 1);
  });

  it('is not told by its own address that it still sees', async () => {
    const all = ['127.0.0.1', ...addresses(5)];
    const { kinds } = await look({
      before: all.map(whole),
      sweep: () =>
        all.map((address) =>
          address === '127.0.0.1' ? whole(address) : buildUnanswered({ address }),
        ),
      reply: (address) => (address === '127.0.0.1' ? OPEN : SILENT),
    });
    expect(kinds).toEqual(['scanner.blind']);
  });

  it('believes what went while another host came, which answers', async () => {
    const gone = addresses(4);
    const { kinds } = await look({
      before: gone.map(whole),
      sweep: () => [...gone.map((address) => buildUnanswered({ address })), whole('10.9.0.99')],
      reply: (address) => (address === '10.9.0.99' ? OPEN : SILENT),
    });
    expect(kinds).toEqual(['subnet.down', 'host.new']);
  });

  it('tells of the only host of a group, though its beacon cannot be asked', async () => {
    const { kinds } = await look({
      before: [whole(first)],
      sweep: () => [buildUnanswered({ address: first })],
      reply: (_address, contact) => (contact === 'icmp' ? null : SILENT),
      sentinels: [{ address: '10.8.0.1', contacts: ['icmp'] }],
    });
    expect(kinds).toEqual(['host.down']);
  });

  it('that is called off says nothing of what is in doubt', async () => {
    const calledOff = new AbortController();
    const [tarpit = ''] = addresses(3).slice(2);
    const many = buildSeen(
      Array.from({ length: 60 }, (_, at) => buildOpen(at + 1)),
      { address: tarpit, covered: Array.from({ length: 60 }, (_, at) => at + 1) },
    );
    const refused = buildSeen([buildOpen(22), buildOpen(443)], { address: first });
    const { kinds, sight } = await look({
      before: [whole(first), whole(second), { ...many, endpoints: [], rest: many.rest }],
      sweep: () => [refused, buildUnanswered({ address: second }), many],
      reply: () => null,
      signal: calledOff.signal,
      onAsk: () => calledOff.abort(),
    });
    expect(kinds).toEqual([]);
    expect(sight.snapshot.uncovered.map(({ address }) => address)).toEqual([second, tarpit]);
  });

  it('finds out by ports that nobody uses whether a host answers on any, on lossy paths too', async () => {
    let asked = 0;
    const many = buildSeen(
      Array.from({ length: 60 }, (_, at) => buildOpen(at + 1)),
      { address: first, covered: Array.from({ length: 60 }, (_, at) => at + 1) },
    );
    const { kinds } = await look({
      before: [{ ...many, endpoints: [] }],
      sweep: () => [many],
      reply: () => {
        asked += 1;
        return asked % 3 === 0 ? OPEN : SILENT;
      },
    });
    expect(kinds).toEqual(['host.answersEverything']);
  });
});
