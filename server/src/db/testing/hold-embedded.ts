// Started by tests in a process of its own, which they kill: holds the data folder until SIGTERM.
import { once } from 'node:events';
import { pino } from 'pino';
import { startEmbedded } from '../embedded.ts';

const [folder = ''] = process.argv.slice(2);
const postgres = await startEmbedded(folder, { log: pino({ level: 'silent' }) });
process.stdout.write(`${postgres.url}\n`);
await once(process, 'SIGTERM');
await postgres.stop();
