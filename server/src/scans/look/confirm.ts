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
  readonly signal: AbortSignal;
}

interface OpenDoubt {
  readonly doubt: Doubt;
  readonly probes: Probe[];
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
  let open: OpenDoubt[] = silent.map((doubt) => ({ doubt, probes: [] }));
  for (let round = 1; open.length > 0; round += 1) {
    const asked = await askRound(prober, confirmation, { open, round });
    const over = signal.aborted || round >= MOST_ROUNDS;
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

/** Asks each open doubt once, after the gap of this round; answers which of them could be asked. */
async function askRound(
  prober: Prober,
  { timeoutMs, signal }: Confirmation,
  { open, round }: { open: readonly OpenDoubt[]; round: number },
): Promise<ReadonlySet<Doubt>> {
  const asked = new Set<Doubt>();
  const last = open[0]?.probes.at(-1)?.at;
  const elapsed = last ? Date.now() - Date.parse(last) : 0;
  const gapMs = gapBefore(round);
  await wait(Math.max(0, gapMs - elapsed), undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return asked;
  const at = new Date().toISOString();
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
    // A way that cannot be used here is skipped, as long as another one may work.
    if (answer || one.probes.length > 0 || round < one.doubt.ask.length) asked.add(one.doubt);
    if (answer) one.probes.push({ at, gapMs: Math.max(gapMs, elapsed), contact, ...answer });
  }
  return asked;
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
