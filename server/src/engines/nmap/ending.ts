import type { UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { NmapRunFacts } from '../../formats/nmap/parse.ts';
import type { EngineResult } from '../engine.ts';
import type { ProcessEnding } from '../process.ts';

/** All that is known when nmap has ended. */
export interface NmapEnding {
  readonly process: ProcessEnding;
  readonly facts: NmapRunFacts;
  /** Addresses asked, and those that nmap finished (seen, or given up by itself). */
  readonly asked: number;
  readonly seen: number;
  readonly timedOut: number;
  readonly timeoutMinutes: number;
}

/** How the run ended; `reason` is why the addresses that are not finished are uncovered. */
export interface EndDecision {
  readonly end: EngineResult['end'];
  readonly problem?: string;
  readonly reason: UncoveredHost['reason'];
}

/** Decides how a run ended and says so to a person: what happened, how far it got, what to do. */
export function decideEnd(ending: NmapEnding): EndDecision {
  if (ending.process.stopped === 'cancelled') return { end: 'cancelled', reason: 'cancelled' };
  const failure = describeFailure(ending);
  if (failure === null) return decideWhole(ending);
  const progress = `${ending.seen} of ${ending.asked} addresses were finished.`;
  return {
    end: ending.seen > 0 ? 'partial' : 'failed',
    problem: `${failure.what} ${progress} ${failure.advice}`,
    reason: failure.reason,
  };
}

/** Why a call that asks a part of something did not end well, and what to do; null when it did. */
export function describeCallFailure({
  process,
  facts,
}: Pick<NmapEnding, 'process' | 'facts'>): string | null {
  const failure = describeFailure({ process, facts });
  return failure && `${failure.what} ${failure.advice}`;
}

function decideWhole({ asked, seen, timedOut }: NmapEnding): EndDecision {
  const missing = asked - seen - timedOut;
  const notes = [
    ...(timedOut > 0 ? [`${timedOut} of ${asked} addresses exceeded the host time-out.`] : []),
    ...(missing > 0 ? [`nmap said nothing of ${missing} of ${asked} addresses.`] : []),
  ];
  if (notes.length === 0) return { end: 'finished', reason: 'engine-error' };
  const problem = `${notes.join(' ')} Nothing is concluded about them.`;
  if (missing === 0) return { end: 'finished', problem, reason: 'host-timeout' };
  return { end: seen > 0 ? 'partial' : 'failed', problem, reason: 'engine-error' };
}

interface Failure {
  readonly what: string;
  readonly advice: string;
  readonly reason: UncoveredHost['reason'];
}

function describeFailure({
  process,
  facts,
  timeoutMinutes,
}: Pick<NmapEnding, 'process' | 'facts'> & { timeoutMinutes?: number }): Failure | null {
  const { startError, killedBy, code, stopped } = process;
  const reason = 'engine-error';
  if (startError)
    return {
      what: `nmap could not be started: ${startError.message}.`,
      advice: 'Check that it is installed and may be executed.',
      reason,
    };
  if (stopped === 'timeout')
    return {
      what: `nmap did not finish within ${timeoutMinutes === undefined ? 'its time' : `${timeoutMinutes} min`} and was ended.`,
      advice:
        "Allow more time in the profile, ask fewer ports, or raise the profile's minimum rate.",
      reason: 'truncated',
    };
  if (facts.problem) return describeXmlProblem(facts.problem, process);
  if (killedBy)
    return {
      what: `nmap was ended from outside by ${killedBy}.`,
      advice: 'Look for memory shortage in the system log (dmesg); then scan again.',
      reason,
    };
  if (facts.exit === 'error' || code !== 0)
    return {
      what: `nmap ended with ${code === 0 ? 'an error' : `code ${code}`}: ${lastWords(process, facts)}.`,
      advice: 'Correct the profile if the message names an option or script; otherwise scan again.',
      reason,
    };
  if (facts.truncated)
    return {
      what: "nmap's XML output ends before its last tag.",
      advice: 'Scan again; if it stays, check the free memory and the nmap installation.',
      reason: 'truncated',
    };
  return null;
}

function describeXmlProblem(
  problem: NonNullable<NmapRunFacts['problem']>,
  process: ProcessEnding,
): Failure {
  const heard = process.stderr.trim() === '' ? '' : ` It also said: ${lastLine(process.stderr)}.`;
  return {
    what: `nmap's XML output cannot be read at line ${problem.line}, column ${problem.column}: ${problem.message}.${heard}`,
    advice: 'Check that the program is nmap itself (netdelta doctor), and scan again.',
    reason: 'truncated',
  };
}

function lastWords(process: ProcessEnding, facts: NmapRunFacts): string {
  const text = facts.errorMessage ?? process.stderr;
  const said = text.split('\n').map((line) => line.trim());
  const telling = said.filter((line) => line !== '' && line !== 'QUITTING!');
  return telling.slice(0, 2).join(' ').replace(/[.:]$/, '') || 'it gave no reason';
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/\.$/, '');
}
