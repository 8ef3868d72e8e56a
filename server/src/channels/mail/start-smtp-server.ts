import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the test server took it: envelope and raw message. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
}

export interface TestSmtpServer {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  readonly close: () => Promise<void>;
}

/** Test data: a real SMTP server on 127.0.0.1 that keeps what it takes. Plain, taking any login or none, unless told otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      stream.setEncoding('utf8');
      let message = '';
      stream.on('data', (text) => {
        message += text;
      });
      stream.on('end', () => {
        const from = mailFrom ? mailFrom.address : '';
        taken.push({ from, to: rcptTo.map(({ address }) => address), message });
        done();
      });
    },
    ...options,
  });
  // A client that goes away in the middle is part of some tests.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port, taken, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
