import { describe, expect, it } from 'vitest';
import type { ProcessEnding } from '../process.ts';
import { decideEnd, type NmapEnding } from './ending.ts';

const ended: ProcessEnding = { code: 0, killedBy: null, stopped: null, stderr: '' };
const whole: NmapEnding['facts'] = {
  scanner: 'nmap',
  version: '7.93',
  args: '',
  start: 1,
  end: 2,
  services: { tcp: [], udp: [] },
  exit: 'success',
  truncated: false,
};

interface Change {
  process?: Partial<ProcessEnding>;
  facts?: Partial<NmapEnding['facts']>;
  seen?: number;
  timedOut?: number;
}

function decide({ process, facts, seen = 4, timedOut = 0 }: Change) {
  return decideEnd({
    process: { ...ended, ...process },
    facts: { ...whole, ...facts },
    asked: 4,
    seen,
    timedOut,
    timeoutMinutes: 10,
  });
}

describe('the end of a run', () => {
  it.each<[string, Change, string, RegExp | undefined]>([
    ['all seen', {}, 'finished', undefined],
    ['one timed out', { seen: 3, timedOut: 1 }, 'finished', /1 of 4 addresses exceeded/],
    ['one forgotten', { seen: 3 }, 'partial', /nothing of 1 of 4/],
    ['all forgotten', { seen: 0 }, 'failed', /nothing of 4 of 4/],
    ['cancelled', { process: { stopped: 'cancelled' }, seen: 2 }, 'cancelled', undefined],
    [
      'out of time',
      { process: { stopped: 'timeout' }, seen: 2 },
      'partial',
      /within 10 min.*2 of 4/,
    ],
    ['not started', { process: { startError: new Error('EACCES') }, seen: 0 }, 'failed', /EACCES/],
    [
      'killed',
      { process: { killedBy: 'SIGKILL', code: null }, seen: 0 },
      'failed',
      /SIGKILL.*dmesg/,
    ],
    [
      'told an error',
      { process: { code: 1 }, facts: { exit: 'error', errorMessage: 'bad\nworse\n' }, seen: 0 },
      'failed',
      /code 1: bad worse\. 0 of 4/,
    ],
    [
      'quit without XML',
      {
        process: { code: 1, stderr: 'needs root privileges.\nQUITTING!\n' },
        facts: { truncated: true, exit: null },
        seen: 0,
      },
      'failed',
      /code 1: needs root privileges\. 0 of 4/,
    ],
    [
      'truncated',
      { facts: { truncated: true, exit: null }, seen: 1 },
      'partial',
      /before its last tag/,
    ],
    [
      'malformed',
      { facts: { problem: { message: 'unclosed tag', line: 7, column: 3 } }, seen: 1 },
      'partial',
      /line 7, column 3: unclosed tag/,
    ],
  ])('%s', (_what, change, end, problem) => {
    const decision = decide(change);
    expect(decision.end).toBe(end);
    if (problem) expect(decision.problem).toMatch(problem);
    else expect(decision.problem).toBeUndefined();
  });
});
