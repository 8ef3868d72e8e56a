import { type Agent, request } from 'node:http';

export interface Sent {
  readonly method: string;
  /** As it goes over the wire: nothing is normalised. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly ms: number;
}

/** As much of an answer as is looked at. */
const MOST_READ = 200_000;
const MOST_MS = 20_000;

/** Sends a request as it stands, and reads the answer; of a stream its beginning. Throws when there is none. */
export function send(agent: Agent, port: number, sent: Sent): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const { method, path, headers, bytes } = sent;
    const length = bytes ? { 'content-length': bytes.length } : {};
    const going = request({
      ...{ agent, port, host: '127.0.0.1', method, path },
      headers: { ...headers, ...length },
      timeout: MOST_MS,
    });
    going.once('timeout', () => going.destroy(new Error('no answer in time')));
    going.once('error', reject);
    going.once('response', (response) => {
      let body = '';
      const end = () => {
        const ms = performance.now() - begun;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, ms });
      };
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        if (body.length < MOST_READ) body += piece;
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          end();
          going.destroy();
        }
      });
      response.once('end', end);
      response.once('error', reject);
    });
    going.end(bytes ?? undefined);
  });
}
