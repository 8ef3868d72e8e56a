import type { Contact } from '../evidence/contact.ts';
import { listDoubts } from '../evidence/doubt.ts';
import { contactFor, decideFinding, type Finding, type Probe } from '../evidence/finding.ts';
import { estimateLoss, NO_PROBES, type ProbeCount } from '../evidence/loss.ts';
import { NO_PORTS, portSetOf } from '../snapshot/port-set.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { decideSight, type Sight, type SightDecision } from './decide-sight.ts';
import type { SilenceRules } from './silence-rule.ts';

/** Test data: what one address really is. */
export interface TrueHost {
  readonly up: boolean;
  readonly ping: boolean;
  /** Refuses (RST) what is not open; otherwise it says nothing. */
  readonly rejects: boolean;
  readonly open: readonly number[];
}
export type TrueNetwork = Readonly<Record<string, TrueHost>>;

/** Test data: the way between the scanner and the network. */
export interface Path {
  /** The probability 0–1 that a probe of a live endpoint stays unanswered. */
  readonly loss: number;
  /** 0–1, by chance. */
  readonly random: () => number;
}

const PORTS = [22, 80, 443, 8080];
/** How often the sweep asks a silent port or host. */
const ATTEMPTS = 3;

/** A seeded generator (mulberry32): the same network for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sweeps a simulated network over a lossy path, as an engine would. */
export function sweepNetwork(network: TrueNetwork, path: Path): HostObservation[] {
  return Object.entries(network).map(([address, host]) => sweepHost(address, host, path));
}

function sweepHost(address: string, host: TrueHost, path: Path): HostObservation {
  const seen = { address, names: [], covered: { tcp: NO_PORTS, udp: NO_PORTS } };
  const states = PORTS.map((port) => ({ port, ...askOften(host, `tcp/${port}`, path) }));
  const ping = askOften(host, 'icmp', path);
  const answer = ping.state === 'open' ? ping : states.find(({ state }) => state !== 'silent');
  if (!answer) return { ...seen, status: 'silent', reason: 'no-response', endpoints: [], rest: [] };
  const endpoints = states.map((state) => ({ protocol: 'tcp' as const, ...state }));
  const covered = { tcp: portSetOf(PORTS), udp: NO_PORTS };
  return { ...seen, status: 'up', reason: answer.reason, endpoints, rest: [], covered };
}

function askOften(host: TrueHost, contact: Contact, path: Path) {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const answer = ask(host, contact, path);
    if (answer.state !== 'silent') return answer;
  }
  return ask(host, contact, path);
}

function ask(host: TrueHost, contact: Contact, { loss, random }: Path) {
  const silent = { state: 'silent' as const, reason: 'no-response' };
  if (!host.up || random() < loss) return silent;
  if (contact === 'icmp')
    return host.ping ? { state: 'open' as const, reason: 'echo-reply' } : silent;
  const port = Number(contact.split('/')[1]);
  if (host.open.includes(port)) return { state: 'open' as const, reason: 'syn-ack' };
  return host.rejects ? { state: 'closed' as const, reason: 'reset' } : silent;
}

/** Asks every doubt of a sweep again over the same path, as the server does. */
export function confirmSweep(
  hosts: readonly HostObservation[],
  beliefs: ReadonlyMap<string, HostBelief>,
  { network, path }: { network: TrueNetwork; path: Path },
): Finding[] {
  const counts: ProbeCount = { answered: 1_000 * (1 - path.loss), unanswered: 1_000 * path.loss };
  const loss = estimateLoss(NO_PROBES, counts);
  return hosts
    .flatMap((seen) => listDoubts(beliefs.get(seen.address), seen))
    .map((doubt) => {
      const probes: Probe[] = [];
      for (;;) {
        const contact = contactFor(doubt, probes.length + 1);
        const finding = decideFinding(doubt, probes, { loss, over: contact === undefined });
        if (finding || !contact) return finding as Finding;
        const answer = ask(network[doubt.address] as TrueHost, contact, path);
        probes.push({ at: '2026-11-24T02:00:00Z', gapMs: 250, contact, ...answer });
      }
    });
}

/** One scan of a simulated network: what it saw, what that means, what is believed from then on. */
export function scanNetwork(
  network: TrueNetwork,
  beliefs: ReadonlyMap<string, HostBelief>,
  scan: { path: Path; number: number; rules: SilenceRules },
): { sight: Sight; decision: SightDecision; beliefs: Map<string, HostBelief> } {
  const hosts = sweepNetwork(network, scan.path);
  const findings = confirmSweep(hosts, beliefs, { network, path: scan.path });
  const snapshot = { hosts, uncovered: [] };
  const sight: Sight = { snapshot, findings, sentinels: [], path: 'clear', openDecoys: {} };
  const decision = decideSimulated(sight, beliefs, scan);
  return { sight, decision, beliefs: believe(beliefs, decision) };
}

export function decideSimulated(
  sight: Sight,
  beliefs: ReadonlyMap<string, HostBelief>,
  { number, rules }: { number: number; rules: SilenceRules },
): SightDecision {
  const at = new Date(Date.UTC(2026, 0, number, 2)).toISOString();
  const now = { scanId: `scan-${number}`, at };
  const frame = { way: 'simulated', first: number === 1, number, now };
  return decideSight({ sight, frame, beliefs, rulesOf: () => rules });
}

function believe(beliefs: ReadonlyMap<string, HostBelief>, { verdicts }: SightDecision) {
  const news = verdicts.map(({ decision: { belief } }) => [belief.address, belief] as const);
  return new Map([...beliefs, ...news]);
}
