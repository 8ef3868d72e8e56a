import { groupRequest } from '@netdelta/core/api/groups.ts';
import type { Sight } from '@netdelta/core/host/decide-sight.ts';
import {
  confirmSweep,
  createRandom,
  type Path,
  sweepNetwork,
  type TrueHost,
  type TrueNetwork,
} from '@netdelta/core/host/simulate-network.ts';
import type { Database } from '../../db/database.ts';
import { updateHostRules } from '../../deltas/host-queries.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import { insertSchedule } from '../../targets/schedule-queries.ts';
import type { Chronicler, See } from './create-chronicler.ts';

const OFFICE = listAddresses('10.1.0', 24);
const LAPTOPS = [...listAddresses('10.2.0', 4), ...listAddresses('10.2.1', 4)];
const SERVICES = {
  22: { method: 'probed', name: 'ssh', product: 'OpenSSH', version: '9.2p1' },
  80: { method: 'probed', name: 'http', product: 'ngi\u00f1x "a\\b"', extraInfo: 'tab\there' },
} as const;

/** Groups of a site with a history, and how they go on. */
export interface RichHistory {
  readonly officeId: string;
  readonly laptopsId: string;
  /** What the next scan of each group sees: the same for the same beliefs, whoever asks. */
  readonly next: () => readonly { groupId: string; shards: readonly string[][]; see: See }[];
}

interface Place {
  readonly site: RequestSite;
  readonly userId: string;
  readonly profileId: string;
}

/**
 * Writes a history that has some of everything: hosts that come, go, flap and move, services that
 * change, lost packets, refuted doubts, edited targets, own rules, and silence that is in progress.
 */
export async function writeRichHistory(
  { database, chronicler }: { database: Database; chronicler: Chronicler },
  { site, userId, profileId }: Place,
  seed: number,
): Promise<RichHistory> {
  const random = createRandom(seed);
  const typed = groupRequest.parse({
    name: `Office "${seed}"`,
    targets: '10.1.0.1-24 # the floor\nprinter.example.org',
    exclusions: '10.1.0.200',
    profileId,
    downAfter: 3,
    beacons: '10.1.0.1',
    recipients: ['admin@example.org'],
  });
  const officeId = await chronicler.createGroup(site, typed);
  const laptops = { ...typed, name: 'Laptops', targets: '10.2.0.0/23', identity: 'mac' as const };
  const laptopsId = await chronicler.createGroup(site, laptops);
  await addSchedule(database, site.id, officeId);
  let office = buildNetwork(OFFICE, random);
  // Six laptops; whose place is none is not there.
  let places = [...LAPTOPS.slice(0, 6), '', ''];
  for (let scan = 1; scan <= 9; scan += 1) {
    office = evolve(office, random, scan);
    if (scan > 1 && scan < 9 && random() < 0.6) places = exchange(places, random);
    // Where one was there is a stranger now: it is displaced.
    if (scan === 9)
      places = places.map((place, who) => (who === 6 ? (places[1] ?? '') : who === 1 ? '' : place));
    const startedBy = scan % 2 === 0 ? userId : null;
    const place = { siteId: site.id, startedBy };
    const names = { '10.1.0.24': 'printer.example.org' };
    const see = seeOver(office, { loss: 0.15, random }, scan === 5 ? 'blind' : 'clear');
    await chronicler.scan({ ...place, groupId: officeId }, [{ addresses: OFFICE, names }], see);
    const shards = [{ addresses: LAPTOPS.slice(0, 4) }, { addresses: LAPTOPS.slice(4) }];
    await chronicler.scan({ ...place, groupId: laptopsId }, shards, seeLaptops(places));
    if (scan === 3)
      await chronicler.editGroup(site, officeId, { ...typed, targets: '10.1.0.1-20' });
    if (scan === 6) await chronicler.editGroup(site, officeId, typed);
    if (scan === 4) await setRules(database, site.id, officeId);
  }
  const [first = ''] = OFFICE;
  const silent = { ...office, [first]: { ...(office[first] as TrueHost), up: false } };
  const lost = seeOver(silent, { loss: 0.2, random: createRandom(seed + 1) }, 'clear');
  await chronicler.scan(
    { siteId: site.id, groupId: officeId, startedBy: userId },
    [{ addresses: OFFICE }],
    lost,
  );
  return { officeId, laptopsId, next: () => goOn({ officeId, laptopsId, silent, places, seed }) };
}

function goOn(now: {
  officeId: string;
  laptopsId: string;
  silent: TrueNetwork;
  places: readonly string[];
  seed: number;
}) {
  const random = createRandom(now.seed + 2);
  const network = evolve(now.silent, random, 99);
  const path = { loss: 0.1, random: createRandom(now.seed + 3) };
  const moved = exchange(now.places, random);
  return [
    { groupId: now.officeId, shards: [OFFICE], see: seeOver(network, path, 'clear') },
    {
      groupId: now.laptopsId,
      shards: [LAPTOPS.slice(0, 4), LAPTOPS.slice(4)],
      see: seeLaptops(moved),
    },
  ] as const;
}

function listAddresses(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}.${index + 1}`);
}

function buildNetwork(addresses: readonly string[], random: () => number): TrueNetwork {
  return Object.fromEntries(
    addresses.map((address) => [
      address,
      { up: random() < 0.8, ping: true, rejects: random() < 0.7, open: [22, 80] },
    ]),
  );
}

/** The second host goes and comes with every scan: it flaps. */
function evolve(network: TrueNetwork, random: () => number, scan: number): TrueNetwork {
  return Object.fromEntries(
    Object.entries(network).map(([address, host], index) => [
      address,
      {
        ...host,
        up: index === 1 ? scan % 2 === 0 : random() < 0.12 ? !host.up : host.up,
        open: random() < 0.15 ? [22, 80, 443].filter(() => random() < 0.6) : host.open,
      },
    ]),
  );
}

function seeOver(network: TrueNetwork, path: Path, state: Sight['path']): See {
  return (beliefs, addresses) => {
    const asked = Object.fromEntries(
      addresses.map((address) => [address, network[address] as TrueHost]),
    );
    const swept = sweepNetwork(asked, path);
    const findings = confirmSweep(swept, beliefs, { network: asked, path });
    const hosts = swept.map((host) => ({
      ...host,
      ...(host.status === 'up' && { names: [`h-${host.address}.example.org`], os: 'Linux 6' }),
      endpoints: host.endpoints.map((one) =>
        one.state === 'open' && (one.port === 22 || one.port === 80)
          ? { ...one, service: SERVICES[one.port], scripts: [{ id: 'x', output: 'a\nb' }] }
          : one,
      ),
    }));
    const snapshot = { hosts, uncovered: [] };
    return { snapshot, findings, sentinels: [], path: state, openDecoys: {} };
  };
}

/** Each place is who is there: a MAC address; none where nobody is. */
function seeLaptops(places: readonly string[]): See {
  return (_beliefs, addresses) => {
    const network = Object.fromEntries(
      addresses.map((address) => [address, { up: true, ping: true, rejects: true, open: [22] }]),
    );
    const hosts = sweepNetwork(network, { loss: 0, random: () => 1 }).map((host) => {
      const who = places.indexOf(host.address);
      const mac = `02:00:00:00:00:0${who}`;
      return who < 0
        ? { ...host, status: 'silent' as const, endpoints: [], covered: { tcp: [], udp: [] } }
        : { ...host, mac };
    });
    const snapshot = { hosts, uncovered: [] };
    return { snapshot, findings: [], sentinels: [], path: 'clear', openDecoys: {} };
  };
}

function exchange(places: readonly string[], random: () => number): string[] {
  const moved = [...places];
  const one = Math.floor(random() * places.length);
  const other = Math.floor(random() * places.length);
  [moved[one], moved[other]] = [places[other] ?? '', places[one] ?? ''];
  return moved;
}

async function addSchedule(database: Database, siteId: string, groupId: string): Promise<void> {
  const timing = { kind: 'cron', cron: '0 2 * * *', timeZone: 'Europe/Berlin' } as const;
  const typed = { groupId, timing, missed: 'run', overlap: 'skip', enabled: true } as const;
  await database.withSite(siteId, (tx) =>
    insertSchedule(tx, siteId, { typed, nextRunAt: '2030-01-01T01:00:00Z' }),
  );
}

async function setRules(database: Database, siteId: string, groupId: string): Promise<void> {
  const rules = { downAfter: 'evidence', serviceDownAfter: 2 } as const;
  await database.withSite(siteId, (tx) =>
    updateHostRules(tx, { groupId, address: '10.1.0.3' }, rules),
  );
}
