import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { orderChange } from '../playground/control.ts';
import { readMarker } from '../playground/marker.ts';
import { endpointOf } from '../playground/network.ts';
import { PlaygroundRefused, startPlayground } from '../playground/playground.ts';

/** What the command needs from its surroundings. */
export interface PlaygroundCommandParts {
  /** Asked when the command runs: the folder in which servers look for the marker. */
  readonly dataDir: () => string;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Called with the exit code: 0 fine, 2 wrong use, 3 refused by the machine. */
  readonly exit: (code: number) => void;
}

interface PlaygroundOptions {
  readonly every?: number;
  readonly once?: true;
  readonly prefix?: string;
  readonly seed: number;
  readonly json?: true;
}

const HELP = `
Twenty hosts, 127.0.1.1 to 127.0.1.20, with real listeners that greet as ssh, http,
smtp and ftp servers do. Scan them as 127.0.1.1-20, or let the page add them as a group.
Nothing leaves this machine, and nothing that is said to the listeners is obeyed.

What changes: services open, close, get another version, and now and then a shell
appears on a high port. What cannot change here: a host cannot go down. All of
127.0.0.0/8 is this very machine, and its kernel answers for every address of it,
with a refusal where nobody listens.

As root the listeners have the well-known ports (22, 80 …), else 2222, 8080 and the like.
Ctrl-C ends it.`;

/** Makes `netdelta playground`: a living practice network on loopback, until `signal` is aborted. */
export function createPlaygroundCommand(parts: PlaygroundCommandParts): Command {
  return new Command('playground')
    .description('run a practice network on loopback that changes')
    .option('--every <time>', 'change something each time this has passed: 60s, 5m', parsePeriod)
    .option('--once', 'change one thing in the playground that runs, print what, and end')
    .option('--seed <number>', 'which changes come, and in which order', parseSeed, 1)
    .option('--prefix <numbers>', 'other addresses than 127.0.1.x: 127.7.7', parsePrefix)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', HELP)
    .action(async (options: PlaygroundOptions) => {
      try {
        await (options.once ? changeOnce(options, parts) : runUntilStopped(options, parts));
        parts.exit(0);
      } catch (error) {
        if (!(error instanceof PlaygroundRefused)) throw error;
        parts.complain(error.message);
        parts.exit(3);
      }
    });
}

async function changeOnce(options: PlaygroundOptions, parts: PlaygroundCommandParts) {
  const running = await readMarker(parts.dataDir());
  if (!running)
    throw new PlaygroundRefused('No playground runs. Start one first: netdelta playground');
  const sentence = await orderChange(running.control).catch((cause) => {
    throw new PlaygroundRefused(`The playground of process ${running.pid} does not answer.`, {
      cause,
    });
  });
  tell(options, parts, sentence);
}

async function runUntilStopped(options: PlaygroundOptions, parts: PlaygroundCommandParts) {
  const { print, signal } = parts;
  const playground = await startPlayground({
    dataDir: parts.dataDir(),
    ...(options.prefix && { prefix: options.prefix }),
    seed: options.seed,
    onChange: (sentence) => tell(options, parts, sentence),
  });
  const endpoints = [...playground.network().values()].map(endpointOf);
  if (options.json) print(JSON.stringify({ targets: playground.targets, endpoints }));
  else {
    print(`The playground runs: ${endpoints.length} services on ${playground.targets}.`);
    print(`Scan it: npx netdelta scan ${playground.targets}. Ctrl-C ends it.`);
  }
  try {
    if (options.every) await changeEvery(options.every, playground.change, parts);
    else await untilAborted(signal);
  } finally {
    await playground.stop();
  }
}

async function changeEvery(
  ms: number,
  change: () => Promise<string>,
  { complain, signal }: PlaygroundCommandParts,
) {
  while (!signal.aborted) {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await change().catch((error: Error) => complain(`Nothing changed: ${error.message}`));
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // A timer keeps the process alive should every listener be closed.
  return sleep(2 ** 31 - 1, undefined, { signal }).catch(() => undefined);
}

function tell({ json }: PlaygroundOptions, { print }: PlaygroundCommandParts, change: string) {
  const at = new Date().toISOString();
  print(json ? JSON.stringify({ at, change }) : `${at}  ${change}`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function parsePeriod(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,5})([smh])?$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  if (!(ms > 0)) throw new InvalidArgumentError('Write a number with s, m or h: 60s, 5m, 1h.');
  return ms;
}

/** Loopback only: the practice network must never be reachable from elsewhere. */
function parsePrefix(text: string): string {
  const numbers = text.split('.');
  const fits = numbers.every((number) => /^(0|[1-9]\d{0,2})$/.test(number) && Number(number) < 256);
  if (numbers.length !== 3 || numbers[0] !== '127' || !fits)
    throw new InvalidArgumentError(
      'Write a prefix, the first three numbers of loopback addresses: 127.7.7.',
    );
  return text;
}

function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}
