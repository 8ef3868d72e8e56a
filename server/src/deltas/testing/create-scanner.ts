import { once } from 'node:events';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { pino } from 'pino';
import { vi } from 'vitest';
import { createLive } from '../../db/live.ts';
import { createTestQueue, type TestDatabase } from '../../db/testing/test-database.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Prober } from '../../engines/prober/prober.ts';
import { cancelScan, requestScan } from '../../scans/scan-lifecycle.ts';
import { startScanWorkers } from '../../scans/workers.ts';
import { closeScan } from '../close-scan.ts';
import { judge } from '../judge.ts';
import { isLastShard, selectScanStatus } from './queries.ts';

/** Scans groups for tests: all is real but the network, of which each scan sees what the test says. */
export interface Scanner {
  /** Scans the group once and waits for the end; answers the scan's id. */
  readonly scan: (
    place: { siteId: string; userId: string; groupId: string },
    hosts: readonly HostObservation[],
    lacking?: Lacking,
  ) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** What a scan does not finish: these addresses, as they timed out, or as it was cancelled meanwhile. */
interface Lacking {
  readonly addresses: readonly string[];
  readonly cancelled?: boolean;
}

const OPEN = ['waiting', 'running', 'cancelling'];
/** Nothing answers when it is asked again. */
const prober: Prober = {
  ask: async (requests) => requests.map(() => null),
  identify: async (endpoints) => endpoints.map(() => undefined),
};

export async function createScanner({ database, url }: TestDatabase): Promise<Scanner> {
  const log = pino({ level: 'silent' });
  const queue = await createTestQueue(database);
  const live = await createLive(url, { log });
  let seen: readonly HostObservation[] = [];
  let lacks: Lacking = { addresses: [] };
  const parts = { ...{ database, queue, live, log, judge, prober, closeScan } };
  const engines = [createEngine(() => ({ hosts: seen, lacks }))];
  const resolveNames = async () => ({ found: new Map<string, string>(), problems: [] });
  await startScanWorkers({ ...parts, engines, resolveNames });
  return {
    scan: async ({ siteId, userId, groupId }, hosts, lacking = { addresses: [] }) => {
      seen = hosts;
      lacks = lacking;
      const origin = { trigger: 'person', scheduleId: null, whenRunning: 'skip' } as const;
      const wish = { siteId, groupId, startedBy: userId, ...origin };
      const outcome = await database.withSite(siteId, (tx) => requestScan(tx, parts, wish));
      const scanId = outcome.scanId ?? '';
      if (lacking.cancelled) {
        const isAlone = () => isLastShard(database, scanId);
        await vi.waitUntil(isAlone, { timeout: 15_000, interval: 20 });
        await database.withSite(siteId, (tx) => cancelScan(tx, parts, scanId));
      }
      const isOver = async () => !OPEN.includes(await selectScanStatus(database, scanId));
      await vi.waitUntil(isOver, { timeout: 15_000, interval: 20 });
      return scanId;
    },
    close: async () => {
      await queue.stop(1_000);
      await live.close();
    },
  };
}

/** A shard that lacks addresses of a scan that is to be cancelled ends with that. */
function createEngine(look: () => { hosts: readonly HostObservation[]; lacks: Lacking }): Engine {
  const name = 'connect';
  const ability = { name, available: true, version: '1', privileged: false, note: '' } as const;
  return {
    name,
    detect: async () => ability,
    run: async ({ addresses, signal }) => {
      const { hosts, lacks } = look();
      const missed = lacks.addresses.filter((address) => addresses.includes(address));
      const isCut = missed.length > 0 && lacks.cancelled;
      if (isCut && !signal.aborted) await once(signal, 'abort');
      const reason = isCut ? ('cancelled' as const) : ('host-timeout' as const);
      return {
        end: isCut ? 'cancelled' : 'finished',
        snapshot: {
          hosts: hosts.filter(({ address }) => addresses.includes(address)),
          uncovered: missed.map((address) => ({ address, reason })),
        },
        counts: new Map(),
        command: ['connect'],
        version: '1',
      };
    },
  };
}
