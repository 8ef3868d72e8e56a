import { type HostStatusCode, hostStatusCode, hostStatusOf } from '@netdelta/core/host/status.ts';
import { readAddressSearch } from '@netdelta/core/target/read-address-search.ts';
import { searchTextProblem } from '@netdelta/core/target/search-text.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { findHosts } from './find-hosts-queries.ts';
import { deltaRoutes } from './routes.ts';
import {
  insertGroups,
  insertNetwork,
  type NetworkHost,
  type NetworkService,
  selectRowsRead,
} from './testing/network-queries.ts';

const HOSTS_OF_GROUP = 1_500;
const PORTS = [22, 80, 443, 53, 8443, 9100];
const VENDORS = ['Dell', 'Zebra Technologies', null];

let test: TestDatabase;
let server: TestServer;
let groups: string[];
let hosts: NetworkHost[];

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [deltaRoutes(test)]);
  groups = await insertGroups(test.database, server.site.id, 3);
  hosts = groups.flatMap((groupId, place) =>
    Array.from({ length: HOSTS_OF_GROUP }, (_, n) => buildHost(groupId, place, n)),
  );
  await insertNetwork(test.database, server.site.id, hosts);
  // Of somebody else, with the same of everything.
  const { siteId } = await buildSite(test.database);
  const [other = ''] = await insertGroups(test.database, siteId, 1);
  await insertNetwork(
    test.database,
    siteId,
    Array.from({ length: 300 }, (_, n) => buildHost(other, 0, n)),
  );
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

/** Addresses that two groups share, frequent and rare texts, and such as begin late in the list. */
function buildHost(groupId: string, place: number, n: number): NetworkHost {
  const chance = (n * 2_654_435_761 + place * 97) % 1_000;
  const status = ([3, 3, 3, 3, 2, 4, 5, 7, 1, 9][chance % 10] ?? 3) as HostStatusCode;
  const address =
    n % 50 === 0
      ? `2001:db8::${place + 1}:${(n + 1).toString(16)}`
      : `10.${place >> 1}.${n >> 8}.${n & 255}`;
  const service = (port: number): NetworkService => ({
    protocol: port === 53 && n % 2 ? 'udp' : 'tcp',
    port,
    name: port === 22 ? 'ssh' : 'http',
    ...(port !== 80 && {
      product: port === 22 ? 'OpenSSH' : `Console ${n % 400}`,
      version: `${n % 9}.${n % 7}`,
    }),
  });
  const late = place === 2 && n > 1_000;
  return {
    groupId,
    address,
    status,
    names: chance < 700 ? [`srv-${n.toString(16)}.${late ? 'late' : 'early'}.example.net`] : [],
    mac: chance < 500 ? `AA:BB:CC:00:${hex(n >> 8)}:${hex(n & 255)}` : null,
    macVendor: VENDORS[chance % 3] ?? null,
    os: n === 777 ? 'Plan 9' : null,
    services: PORTS.filter(
      (port, at) => (n * 7 + at * 13) % (at + 2) === 0 && (port !== 9100 || late),
    ).map(service),
  };
}

const hex = (octet: number) => octet.toString(16).toUpperCase().padStart(2, '0');

interface Filter {
  readonly groupId?: string | undefined;
  readonly status?: string | undefined;
  readonly port?: number | undefined;
  readonly text?: string | undefined;
}

/** What the list is to hold, by looking at every host. */
function filterPlainly({ groupId, status, port, text }: Filter): string[] {
  const holds = (whole: string | null | undefined) =>
    whole?.toLowerCase().includes((text ?? '').toLowerCase());
  return hosts
    .filter(
      (host) =>
        (groupId === undefined || host.groupId === groupId) &&
        (status === undefined || hostStatusOf(host.status) === status) &&
        (port === undefined || host.services.some((service) => service.port === port)) &&
        (text === undefined ||
          [host.address, ...host.names, host.mac, host.macVendor, host.os].some(holds) ||
          host.services.some(({ name, product, version }) =>
            holds([name, product, version].filter(Boolean).join(' ')),
          )),
    )
    .map(({ groupId: group, address }) => `${address} ${group}`);
}

async function readPages(filter: Filter, limit: number): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = '';
  for (let page = 0; page < 10_000 && after !== null; page += 1) {
    const query = new URLSearchParams({
      ...mapToText(filter),
      limit: String(limit),
      ...(after && { after }),
    });
    const answer = await server.call('GET', `hosts?${query}`);
    expect(answer.statusCode).toBe(200);
    found.push(
      ...answer.json().items.map((host: NetworkHost) => `${host.address} ${host.groupId}`),
    );
    after = answer.json().next;
  }
  return found;
}

/** Some letters of one of the texts of some host; mirrored: few hold that, or none. */
function cutText([host, kind, begin, length]: [number, number, number, number], mirrored: boolean) {
  const { address, names, mac, macVendor, os, services } = hosts[
    host % hosts.length
  ] as NetworkHost;
  const offers = services.map(({ name, product, version }) =>
    [name, product, version].filter(Boolean).join(' '),
  );
  const texts = [address, ...names, mac ?? '', macVendor ?? '', os ?? '', ...offers].filter(
    ({ length: letters }) => letters >= 3,
  );
  const whole = texts[kind % texts.length] as string;
  const part = whole.slice(begin % (whole.length - 2)).slice(0, length);
  return mirrored ? [...part].reverse().join('') : part;
}

const mapToText = (filter: Filter) =>
  Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));

const TEXTS = [
  'OpenSSH',
  'console 39',
  'Console 123 ',
  'http',
  'dell',
  'zebra',
  'srv-1',
  'late.ex',
  '-3e',
  'plan 9',
  '10.0.3.',
  '10.1.2',
  '3.17',
  ':00:04:',
  'aa-bb',
  '2001:db8::1:',
  'net',
  'zzz',
  'srv%',
  'v-1',
  '\\srv',
  'nothing like it',
  'ssh 4.',
];

describe('a list of hosts', () => {
  it('holds exactly those that all its filters leave, in order, whatever is combined', async () => {
    const order = new Map((await readPages({}, 500)).map((key, at) => [key, at]));
    expect(order.size).toBe(hosts.length);
    const optional = <Value>(values: readonly Value[]) =>
      fc.option(fc.constantFrom(...values), { nil: undefined });
    const filters: fc.Arbitrary<Filter> = fc.record({
      groupId: optional(groups),
      status: optional(['UP', 'NEW', 'STILL_DOWN', 'ADDED']),
      port: optional([...PORTS, 1]),
      text: optional(TEXTS),
    });
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom<number>(60, 200, 500), async (wish, limit) => {
        const filter = JSON.parse(JSON.stringify(wish)) as Filter;
        const expected = filterPlainly(filter).sort(
          (a, b) => (order.get(a) ?? -1) - (order.get(b) ?? -1),
        );
        expect(await readPages(filter, limit)).toEqual(expected);
      }),
      {
        numRuns: 90,
        examples: TEXTS.flatMap((text): [Filter, number][] => [
          [{ text }, 500],
          [{ text, status: 'UP' }, 500],
        ]),
      },
    );
  });

  it('finds any part of what any host holds', async () => {
    const order = new Map((await readPages({}, 500)).map((key, at) => [key, at]));
    const wish = fc.record({
      part: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 3, max: 14 })),
      mirrored: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      groupId: fc.option(fc.constantFrom(...groups), { nil: undefined, freq: 2 }),
      status: fc.option(fc.constantFrom('UP', 'CHANGED', 'REMOVED'), { nil: undefined, freq: 2 }),
      port: fc.option(fc.constantFrom(...PORTS), { nil: undefined, freq: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(wish, async ({ part, mirrored, ...filter }) => {
        // As the API reads it.
        const text = cutText(part, mirrored).trim();
        fc.pre(searchTextProblem(text) === null && text !== '');
        // Looked for as the beginning of an address, not as a part of one.
        fc.pre(readAddressSearch(text) === null);
        const expected = filterPlainly({ ...filter, text }).sort(
          (a, b) => (order.get(a) ?? -1) - (order.get(b) ?? -1),
        );
        expect(await readPages(JSON.parse(JSON.stringify({ ...filter, text })), 150)).toEqual(
          expected,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a text that no index can find, and says what to type', async () => {
    const answer = await server.call('GET', 'hosts?text=s7');
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('type at least three letters or digits in a row');
  });

  it('never skips or repeats a host while others come and go', async () => {
    const { pool } = test.database;
    const stay = new Set(filterPlainly({ port: 80 }));
    const found: string[] = [];
    let after: string | null = '';
    for (let page = 0; after !== null; page += 1) {
      const answer = await server.call(
        'GET',
        `hosts?port=80&limit=100${after && `&after=${after}`}`,
      );
      found.push(
        ...answer.json().items.map((host: NetworkHost) => `${host.address} ${host.groupId}`),
      );
      after = answer.json().next;
      const [address = '', group] = (found.at(-50) ?? '').split(' ');
      // The very last one of the page goes, and others come before and behind.
      await pool.query('delete from hosts where group_id = $1 and address = $2', [group, address]);
      const come = [`9.0.0.${page}`, `11.0.0.${page}`];
      await insertNetwork(
        test.database,
        server.site.id,
        come.map((one) => ({
          ...buildHost(groups[0] ?? '', 0, 1),
          address: one,
          services: [{ protocol: 'tcp', port: 80, name: 'http' }],
        })),
      );
    }
    expect(new Set(found).size).toBe(found.length);
    expect([...stay].filter((key) => !found.includes(key))).toEqual([]);
    await pool.query("delete from hosts where address << '9.0.0.0/8' or address << '11.0.0.0/8'");
  });
});

describe('a long list of hosts', () => {
  const MANY = 12_000;
  let siteId: string;
  beforeAll(async () => {
    siteId = (await buildSite(test.database)).siteId;
    const [groupId = ''] = await insertGroups(test.database, siteId, 1);
    const all = Array.from({ length: MANY }, (_, n) => buildHost(groupId, 2, n));
    await insertNetwork(test.database, siteId, all);
  });

  it.each([
    {},
    { port: 443 },
    { status: 7 },
    { status: 2 },
    { status: 3 },
    { text: 'openssh' },
    { text: 'no such thing' },
    { text: 'srv-2edc' },
    { text: 'console 77 ' },
    { text: '10.1.3.7' },
    { text: 'openssh', status: 5 },
  ])('is read in small part for %j', async (filter) => {
    const read = await test.database.withSite(siteId, async (tx) => {
      // Counted since the connection last reported them.
      const before = await selectRowsRead(tx);
      await findHosts(tx, { ...filter, limit: 51 });
      return (await selectRowsRead(tx)) - before;
    });
    // A search looks through some hundred hosts before it asks the indexes, and through few blocks then.
    // At this size the planner may sort all hosts once instead; with their services they would be 100,000 rows.
    expect(read).toBeLessThan(MANY * 1.5);
  });

  it('holds exactly what is left of a text by a status that most have', async () => {
    const { siteId: steady } = await buildSite(test.database);
    const [groupId = ''] = await insertGroups(test.database, steady, 1);
    const all = Array.from({ length: 8_000 }, (_, n) => ({
      ...buildHost(groupId, 2, n),
      ...{
        address: `10.8.${n >> 8}.${n & 255}`,
        services: n % 5 ? [] : buildHost(groupId, 2, n).services,
      },
      status: hostStatusCode(n % 9 ? 'UP' : 'DOWN'),
    }));
    await insertNetwork(test.database, steady, all);
    for (const text of [
      'openssh',
      'console 39',
      'zebra',
      'late.ex',
      'srv-1f3',
      ':00:04',
      'nothing like it',
    ]) {
      const found = await test.database.withSite(steady, (tx) =>
        findHosts(tx, { text, status: hostStatusCode('UP'), limit: 300 }),
      );
      const holds = (whole: string | null | undefined) => whole?.toLowerCase().includes(text);
      const expected = all.filter(
        ({ status, names, mac, macVendor, services }) =>
          status === hostStatusCode('UP') &&
          ([...names, mac, macVendor].some(holds) ||
            services.some(({ name, product, version }) =>
              holds([name, product, version].join(' ')),
            )),
      );
      expect(
        found.map(({ address }) => address),
        text,
      ).toEqual(expected.slice(0, 300).map(({ address }) => address));
    }
  });

  it('finds the few that are UP behind thousands that are NEW, without passing these', async () => {
    const { siteId: young } = await buildSite(test.database);
    const [groupId = ''] = await insertGroups(test.database, young, 1);
    const all = Array.from({ length: 6_000 }, (_, n) => ({
      ...buildHost(groupId, 0, 1),
      ...{ address: `10.7.${n >> 8}.${n & 255}`, services: [] },
      status: hostStatusCode(n < 5_900 || n % 3 > 0 ? 'NEW' : 'UP'),
    }));
    await insertNetwork(test.database, young, all);
    await test.database.withSite(young, async (tx) => {
      const before = await selectRowsRead(tx);
      const found = await findHosts(tx, { status: hostStatusCode('UP'), limit: 51 });
      expect(found.map(({ address }) => address)).toEqual(
        all.filter(({ status }) => status === 3).map(({ address }) => address),
      );
      expect((await selectRowsRead(tx)) - before).toBeLessThan(500);
    });
  });
});
