import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contact, endpointOf } from '@netdelta/core/evidence/contact.ts';
import { pino } from 'pino';
import { startAlertWorkers } from '../../server/src/alerts/jobs.ts';
import { createDatabase, type Database } from '../../server/src/db/database.ts';
import { startEmbedded } from '../../server/src/db/embedded.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { buildGroup, buildSite } from '../../server/src/db/testing/build-site.ts';
import { closeScan } from '../../server/src/deltas/close-scan.ts';
import { judge } from '../../server/src/deltas/judge.ts';
import type { Engine } from '../../server/src/engines/engine.ts';
import type { ProbeRequest, Prober } from '../../server/src/engines/prober/prober.ts';
import { requestScan } from '../../server/src/scans/scan-lifecycle.ts';
import { startScanWorkers } from '../../server/src/scans/workers.ts';
import { type ChangingNetwork, createChangingNetwork } from './changing-network.ts';
import { createInstantQueue } from './instant-queue.ts';
import { createOtherTime } from './other-time.ts';

const DAY_MS = 86_400_000;
const log = pino({ level: 'silent' });
const live = {
  publish: async () => undefined,
  subscribe: () => () => undefined,
  close: async () => undefined,
};

/** A site in a database of its own whose one group is scanned night after night, as a worker does it. */
export interface ScannedSite {
  readonly database: Database;
  readonly siteId: string;
  readonly groupId: string;
  /** Lets a day pass, changes a part of the services (0–1), and scans. */
  readonly passNight: (changed: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** All is real but the network, the mail server, the queue and the clock. `end`: the last night, of so many. */
export async function createScannedSite(
  hosts: number,
  { nights, end }: { nights: number; end: Date },
): Promise<ScannedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
  const postgres = await startEmbedded(folder, { log, volatile: true });
  const first = createDatabase(postgres.url, { log });
  await migrate(first);
  const time = await createOtherTime(first.pool);
  await first.close();
  const database = createDatabase(postgres.url, { log });
  const network = createChangingNetwork(hosts);
  const { siteId, userId } = await buildSite(database);
  const last = network.addresses.at(-1) ?? '';
  const range = { kind: 'range', text: '', first: network.addresses[0], last };
  const { id: groupId } = await buildGroup(database, siteId, {
    targets: JSON.stringify([range]),
    address_count: hosts,
    ...{ down_after: 0, service_down_after: 0, recipients: ['noc@example.net'] },
  });
  const scan = await createScan(database, network, { siteId, userId, groupId });
  let night = 0;
  return {
    ...{ database, siteId, groupId },
    passNight: async (changed) => {
      await time.move(database.pool, new Date(end.getTime() - (nights - 1 - night) * DAY_MS));
      if (night > 0) network.pass(changed);
      await scan();
      night += 1;
    },
    close: async () => {
      time.end();
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function createScan(
  database: Database,
  network: ChangingNetwork,
  { siteId, userId, groupId }: { siteId: string; userId: string; groupId: string },
): Promise<() => Promise<void>> {
  const queue = createInstantQueue();
  const parts = { database, queue, live, log, judge, closeScan, prober: createProber(network) };
  const resolveNames = async () => ({ found: new Map<string, string>(), problems: [] });
  await startScanWorkers({ ...parts, engines: [createEngine(network)], resolveNames });
  const mail = { configured: true, note: '', send: async () => 'ok' };
  const config = { baseUrl: new URL('http://localhost/') };
  await startAlertWorkers({ ...parts, mail, config });
  const origin = { trigger: 'person', scheduleId: null, whenRunning: 'skip' } as const;
  const wish = { ...{ siteId, groupId, startedBy: userId }, ...origin };
  return async () => {
    const outcome = await database.withSite(siteId, (tx) => requestScan(tx, parts, wish));
    if (outcome.outcome !== 'started') throw new Error(`the scan was ${outcome.outcome}`);
    await queue.drain(8);
  };
}

/** Answers as the network does: what is open, and what is not. */
function createProber(network: ChangingNetwork): Prober {
  const find = (address: string, contact: Contact) =>
    network.observe(address).endpoints.find(({ port }) => port === endpointOf(contact)?.port);
  const answer = ({ address, contact }: ProbeRequest) => {
    if (network.observe(address).status === 'silent') return SILENCE;
    return find(address, contact) ? OPEN : CLOSED;
  };
  return {
    ask: async (requests) => requests.map(answer),
    identify: async (requests) =>
      requests.map(({ address, contact }) => find(address, contact)?.service),
  };
}

const SILENCE = { state: 'silent', reason: 'no-response' } as const;
const OPEN = { state: 'open', reason: 'syn-ack' } as const;
const CLOSED = { state: 'closed', reason: 'reset' } as const;

function createEngine(network: ChangingNetwork): Engine {
  const ability = { available: true, version: '1', privileged: false, note: '' };
  return {
    name: 'connect',
    detect: async () => ({ name: 'connect', ...ability }),
    run: async ({ addresses }) => ({
      end: 'finished',
      snapshot: { hosts: addresses.map(network.observe), uncovered: [] },
      counts: new Map(addresses.map((address) => [address, { answered: 10, unanswered: 0 }])),
      command: ['connect'],
      version: '1',
    }),
  };
}
