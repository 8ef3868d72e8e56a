// Asks endpoints by plain TCP connects, from within the namespace that it is started in: reads an
// AskOrder as JSON on standard input, and writes one AskAnswer for each endpoint, as JSON.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface AskOrder {
  readonly endpoints: readonly (readonly [address: string, port: number])[];
  /** How long each is waited for. */
  readonly timeoutMs: number;
  /** Between one connect and the next. */
  readonly gapMs: number;
}

/** `greeting` is what an open port said by itself within 100 ms. */
export interface AskAnswer {
  readonly outcome: 'open' | 'refused' | 'silent' | 'unreachable';
  readonly greeting: string;
}

const GREETING_MS = 100;

const order = JSON.parse(await text(process.stdin)) as AskOrder;
const answers: Promise<AskAnswer>[] = [];
for (const [host, port] of order.endpoints) {
  answers.push(ask(host, port));
  if (order.gapMs > 0) await new Promise((resolve) => setTimeout(resolve, order.gapMs));
}
process.stdout.write(JSON.stringify(await Promise.all(answers)));

function ask(host: string, port: number): Promise<AskAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let greeting = '';
    const end = (outcome: AskAnswer['outcome']) => {
      socket.destroy();
      clearTimeout(timer);
      resolve({ outcome, greeting });
    };
    const timer = setTimeout(() => end('silent'), order.timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      setTimeout(() => end('open'), GREETING_MS);
    });
    socket.on('data', (chunk) => {
      greeting += chunk.toString('latin1');
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      end(code === 'ECONNREFUSED' ? 'refused' : 'unreachable'),
    );
  });
}
