import type { HostStatusCode } from '@netdelta/core/host/status.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { deltaRoutes } from './routes.ts';
import { insertGroups, insertNetwork, type NetworkHost } from './testing/network-queries.ts';

const HOSTS = 400;
let test: TestDatabase;
let server: TestServer;
let groups: string[];
let hosts: NetworkHost[];

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [deltaRoutes(test)]);
  groups = await insertGroups(test.database, server.site.id, 2);
  hosts = groups.flatMap((groupId, place) =>
    Array.from({ length: HOSTS }, (_, n) => buildHost(groupId, place, n)),
  );
  await insertNetwork(test.database, server.site.id, hosts);
  const { siteId } = await buildSite(test.database);
  const others = await insertGroups(test.database, siteId, 1);
  await insertNetwork(
    test.database,
    siteId,
    others.map((groupId) => buildHost(groupId, 0, 0)),
  );
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

it('refuses a text that no database holds', async () => {
  expect((await server.call('GET', 'hosts?text=a%00b')).statusCode).toBe(400);
});

function buildHost(groupId: string, place: number, n: number): NetworkHost {
  const ssh = { port: 22, name: 'ssh', product: 'OpenSSH', version: n % 50 ? '8.4' : `7.${n % 4}` };
  return {
    groupId,
    address: `10.0.${n >> 8}.${n & 255}`,
    status: (n === 3 ? 7 : 3) as HostStatusCode,
    names: [`host-${n}.test`],
    ...{ mac: null, macVendor: null, os: null },
    services: [
      { protocol: 'tcp', ...ssh },
      { protocol: 'tcp', port: 53, name: 'domain' },
      ...(place === 1 && n > 300 ? [{ protocol: 'udp' as const, port: 53, name: 'domain' }] : []),
    ],
  };
}

interface Filter {
  readonly text?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly group?: number;
}

function filterPlainly({ text, port, protocol, group }: Filter): string[] {
  return hosts.flatMap(({ groupId, address, services }) =>
    services
      .filter(
        (service) =>
          (group === undefined || groups[group] === groupId) &&
          (port === undefined || service.port === port) &&
          (protocol === undefined || service.protocol === protocol) &&
          (text === undefined ||
            [service.name, service.product, service.version]
              .join(' ')
              .toLowerCase()
              .includes(text)),
      )
      .map((service) => [address, groupId, service.protocol, service.port].join(' ')),
  );
}

it.each<Filter>([
  {},
  { text: 'openssh 7' },
  { text: 'openssh 7.2', group: 1 },
  { text: 'ssh' },
  { text: 'openssh 9' },
  { port: 53 },
  { port: 53, protocol: 'udp' },
  { port: 53, text: 'domain', group: 1 },
  { port: 53, text: 'openssh' },
  { protocol: 'udp', text: 'domain' },
])('services are listed each once, in order, by %j', async ({ group, ...filter }) => {
  const found: string[] = [];
  let after: string | null = '';
  for (let page = 0; after !== null && page < 100; page += 1) {
    const query = new URLSearchParams({
      ...Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)])),
      ...(group !== undefined && { groupId: groups[group] ?? '' }),
      ...(after && { after }),
      limit: '70',
    });
    const answer = await server.call('GET', `services?${query}`);
    expect(answer.statusCode).toBe(200);
    for (const { address, groupId, protocol, port } of answer.json().items)
      found.push([address, groupId, protocol, port].join(' '));
    after = answer.json().next;
  }
  const expected = filterPlainly({ ...filter, ...(group !== undefined && { group }) });
  expect(new Set(found)).toEqual(new Set(expected));
  expect(found).toHaveLength(expected.length);
  const octets = (key: string) => key.split(/[ .]/).slice(0, 4).map(Number);
  const value = (key: string) => octets(key).reduce((sum, octet) => sum * 256 + octet, 0);
  expect(found.map(value)).toEqual(found.map(value).toSorted((a, b) => a - b));
});

it('a service tells whose it is, and whether its host is up', async () => {
  const { items } = (await server.call('GET', 'services?port=22&limit=500')).json();
  const gone = items.find(({ address }: { address: string }) => address === '10.0.0.3');
  expect(gone).toMatchObject({
    ...{ hostStatus: 'STILL_DOWN', hostNames: ['host-3.test'], name: 'ssh' },
    ...{ product: 'OpenSSH 8.4', protocol: 'tcp', port: 22 },
  });
  expect((await server.call('GET', 'services?after=nonsense')).statusCode).toBe(400);
});
