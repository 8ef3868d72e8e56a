import { setTimeout as wait } from 'node:timers/promises';
import type { Doubt } from '@netdelta/core/evidence/doubt.ts';
import {
  contactFor,
  decideFinding,
  decideReplaced,
  type Finding,
  gapBefore,
  type Probe,
} from '@netdelta/core/evidence/finding.ts';
import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import type { Prober } from '../../engines/prober/prober.ts';

export interface Confirmation {
  readonly doubts: readonly Doubt[];
  /** The probability 0–1 that a live endpoint of this address leaves one probe unanswered. */
  readonly lossOf: (address: string) => number;
  readonly timeoutMs: number;
  /** By performance.now(): no round begins later. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

interface OpenDoubt {
  readonly doubt: Doubt;
  readonly probes: Probe[];
  /** The last round in which it could be asked; 0: none. */
  askedIn: number;
}

/** More rounds there are never: every doubt ends by its own limit before. */
const MOST_ROUNDS = 32;

/**
 * Asks every doubt again until it is refuted, confirmed, or asked often enough: all open doubts
 * together in rounds, with growing gaps between them. Never rejects; after an abort the rest is
 * undecided. The findings are in the order of the doubts.
 */
export async function confirmDoubts(
  prober: Prober,
  confirmation: Confirmation,
): Promise<{ findings: Finding[]; probes: number }> {
  const { doubts, lossOf, signal } = confirmation;
  const silent = doubts.filter(({ kind }) => kind !== 'replaced');
  const found = new Map<Doubt, Finding>();
  let open: OpenDoubt[] = silent.map((doubt) => ({ doubt, probes: [], askedIn: 0 }));
  let lastAt = performance.now();
  for (let round = 1; open.length > 0; round += 1) {
    const { asked, at } = await askRound(prober, confirmation, { open, round, lastAt });
    lastAt = at;
    const over = signal.aborted || round >= MOST_ROUNDS || at > confirmation.deadline;
    open = open.filter(({ doubt, probes }) => {
      const isOver = over || !asked.has(doubt);
      const loss = lossOf(doubt.address);
      const finding = decideFinding(doubt, probes, { loss, over: isOver });
      if (finding) found.set(doubt, finding);
      return finding === null;
    });
  }
  const replaced = doubts.filter(({ kind }) => kind === 'replaced');
  for (const finding of await askReplaced(prober, confirmation, replaced))
    found.set(finding.doubt, finding);
  const findings = doubts.flatMap((doubt) => found.get(doubt) ?? []);
  return { findings, probes: countProbes(findings) + replaced.length };
}

function countProbes(findings: readonly Finding[]): number {
  return findings.reduce((sum, { probes }) => sum + probes.length, 0);
}

interface Round {
  readonly open: readonly OpenDoubt[];
  /** Counts from 1. */
  readonly round: number;
  /** When the round before asked, by performance.now(). */
  readonly lastAt: number;
}

/** Asks each open doubt once, after the gap of this round; answers which of them could be asked, and when. */
async function askRound(
  prober: Prober,
  { timeoutMs, signal }: Confirmation,
  { open, round, lastAt }: Round,
): Promise<{ asked: ReadonlySet<Doubt>; at: number }> {
  const asked = new Set<Doubt>();
  const left = gapBefore(round) - (performance.now() - lastAt);
  if (left > 0) await wait(left, undefined, { signal }).catch(() => undefined);
  const askedAt = performance.now();
  if (signal.aborted) return { asked, at: askedAt };
  const at = new Date().toISOString();
  const gapMs = Math.round(askedAt - lastAt);
  const turns = open.flatMap((one) => {
    const contact = contactFor(one.doubt, round);
    return contact ? [{ one, contact }] : [];
  });
  const answers = await prober.ask(
    turns.map(({ one, contact }) => ({ address: one.doubt.address, contact })),
    { timeoutMs, signal },
  );
  for (const [index, { one, contact }] of turns.entries()) {
    const answer = answers[index];
    // A way that cannot be used here is skipped, as long as another one works or may work.
    if (answer) {
      one.probes.push({ at, gapMs, contact, ...answer });
      one.askedIn = round;
    }
    if (round - one.askedIn < one.doubt.ask.length) asked.add(one.doubt);
  }
  return { asked, at: askedAt };
}

async function askReplaced(
  prober: Prober,
  { timeoutMs, signal }: Confirmation,
  doubts: readonly Doubt[],
): Promise<Finding[]> {
  if (doubts.length === 0) return [];
  const requests = doubts.map(({ address, ask }) => ({
    address,
    contact: ask[0] as NonNullable<(typeof ask)[0]>,
  }));
  const heard: (ServiceFacts | undefined)[] = signal.aborted
    ? []
    : await prober.identify(requests, { timeoutMs, signal });
  return doubts.map((doubt, index) =>
    decideReplaced(doubt, { before: doubt.believed, again: heard[index] }),
  );
}
