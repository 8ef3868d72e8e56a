import { isGuess, isSameService } from '../compare/service-facts.ts';
import type { PortState, ServiceFacts } from '../snapshot/snapshot.ts';
import type { Contact } from './contact.ts';
import { type Doubt, doubtKey } from './doubt.ts';
import { ACCEPT, likelihoodOfSilence } from './likelihood.ts';

/** One probe of a doubt and what came back. */
export interface Probe {
  /** ISO 8601, UTC */
  readonly at: string;
  /** Since the probe before, or since the sweep; ms. */
  readonly gapMs: number;
  readonly contact: Contact;
  readonly state: PortState;
  readonly reason: string;
}

/**
 * What became of a doubt. `refuted`: an answer came, nothing has changed. `confirmed`: an answer
 * came that says so, or the silence became likely enough. `undecided`: neither within the probes
 * and the time that there were. `unasked`: no probe could be sent in a way in which it answered.
 */
export type Outcome = 'refuted' | 'confirmed' | 'undecided' | 'unasked';

export interface Finding {
  readonly doubt: Doubt;
  readonly outcome: Outcome;
  readonly probes: readonly Probe[];
  /** The probability that a live endpoint leaves one probe unanswered. */
  readonly loss: number;
  /** The probability 0–1 that the change is real, after the probes. */
  readonly likelihood: number;
  /** The last answer, when one came; what the endpoint is now. */
  readonly answer?: { readonly state: PortState; readonly reason: string };
  /** What was heard when a `replaced` service was asked again. */
  readonly heard?: ServiceFacts;
}

/** Findings by the identity of what was in doubt (doubtKey). */
export function indexFindings(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  return new Map(findings.map((finding) => [doubtKey(finding.doubt), finding]));
}

/** However little is lost, silence is asked so often; however much, no more. */
export const LEAST_PROBES = 5;
export const MOST_PROBES = 24;
/** A refusal is asked again at once; what then stays silent is not asked for ever. */
const MOST_REPEATS = 6;

const FIRST_GAP_MS = 250;
const LONGEST_GAP_MS = 1_500;

/**
 * How long to wait before the n-th probe (1, 2, …) of a doubt, in ms: 250 doubling up to 1,500. The
 * number of probes beats independent loss, their spacing beats bursts of it.
 */
export function gapBefore(attempt: number): number {
  return Math.min(LONGEST_GAP_MS, FIRST_GAP_MS * 2 ** (attempt - 1));
}

/** The way in which the n-th probe (1, 2, …) of a doubt asks: all of its ways, in turn. */
export function contactFor({ ask }: Doubt, attempt: number): Contact | undefined {
  return ask[(attempt - 1) % ask.length];
}

/**
 * Judges a doubt by its probes so far: asks on (null), or ends with a finding. Wald's sequential
 * test for silence; one repeat for an answer that contradicts the belief. `over`: no more probes
 * can be sent.
 */
export function decideFinding(
  doubt: Doubt,
  probes: readonly Probe[],
  { loss, over }: { readonly loss: number; readonly over: boolean },
): Finding | null {
  const answered = probes.find((probe) => isAnswer(doubt, probe));
  const silent = probes.filter((probe) => !isAnswer(doubt, probe)).length;
  const base = { doubt, probes, loss };
  if (answered) return { ...base, ...decideAnswer(doubt, answered) };
  const refusal = doubt.kind === 'refused' || doubt.kind === 'blocked';
  const silence = likelihoodOfSilence({ prior: doubt.prior, loss, silent });
  const likelihood = refusal ? weighRefusal(doubt.prior) : silence;
  if (probes.length === 0)
    return over || doubt.ask.length === 0 ? { ...base, outcome: 'unasked', likelihood } : null;
  if (refusal)
    return over || silent >= MOST_REPEATS ? { ...base, outcome: 'undecided', likelihood } : null;
  if (likelihood >= ACCEPT && silent >= LEAST_PROBES)
    return { ...base, outcome: 'confirmed', likelihood };
  return over || silent >= MOST_PROBES ? { ...base, outcome: 'undecided', likelihood } : null;
}

/** A live endpoint refuses by mistake in one scan of ten that show a refusal and could not repeat it. */
const REFUSED_BY_MISTAKE = 0.1;

/** A refusal that was seen only once is more likely real than not; the next scan's weighs upon it. */
function weighRefusal(prior: number): number {
  return 1 - (prior >= 1 - REFUSED_BY_MISTAKE ? 1 - prior : 1) * REFUSED_BY_MISTAKE;
}

/** A host has answered when anything of it did; a router's word that it is unreachable is none. */
function isAnswer({ kind }: Doubt, { state }: Probe): boolean {
  if (state === 'open' || state === 'closed') return true;
  return state === 'filtered' && kind !== 'host';
}

function decideAnswer(
  { kind }: Doubt,
  { state, reason }: Probe,
): Pick<Finding, 'outcome' | 'likelihood' | 'answer'> {
  const refuted = kind === 'host' || state === 'open';
  return {
    outcome: refuted ? 'refuted' : 'confirmed',
    likelihood: refuted ? 0 : 1,
    answer: { state, reason },
  };
}

/**
 * Judges whether another product listens, by what was heard when the endpoint was asked once more:
 * the old one again refutes it, the new one again confirms it, and a guess leaves it undecided.
 */
export function decideReplaced(
  doubt: Doubt,
  { before, again }: { before: ServiceFacts | undefined; again: ServiceFacts | undefined },
): Finding {
  const base = { doubt, probes: [], loss: 0, ...(again && { heard: again }) };
  if (isGuess(again)) return { ...base, outcome: 'undecided', likelihood: UNHEARD };
  if (isSameService(before, again)) return { ...base, outcome: 'refuted', likelihood: 0 };
  return { ...base, outcome: 'confirmed', likelihood: 1 };
}

/** Heard once, and not a second time. */
const UNHEARD = 0.5;
