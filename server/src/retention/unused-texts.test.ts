import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { insertNetwork, type NetworkService } from '../deltas/testing/network-queries.ts';
import { runRetention } from './run-retention.ts';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;

let test: TestDatabase;
let siteId: string;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ siteId } = await buildSite(test.database));
});

async function offer(...products: string[]): Promise<void> {
  const { id } = await buildGroup(test.database, siteId);
  const services = products.map(
    (product, port): NetworkService => ({ protocol: 'tcp', port: port + 1, name: 'x', product }),
  );
  await insertNetwork(test.database, siteId, [
    {
      ...{ groupId: id, address: '127.0.1.1', status: 3, names: [], services },
      ...{ mac: null, macVendor: null, os: null },
    },
  ]);
}

const run = () => runRetention({ database: test.database, log }, siteId, never);
const close = (product: string) =>
  test.database.pool.query(
    `delete from service_intervals where site_id = $1 and service->>'product' = $2`,
    [siteId, product],
  );
const passDays = (days: number) =>
  test.database.pool.query(
    `update service_texts set unused_since = unused_since - make_interval(days => $1)`,
    [days],
  );
async function texts(): Promise<string[]> {
  const { rows } = await test.database.pool.query(
    `select trim(text) as text, unused_since is not null as noted from service_texts
     where site_id = $1 order by 1, 2`,
    [siteId],
  );
  return rows.map(({ text, noted }) => (noted ? `${text} (noted)` : text));
}

describe('texts that no open service has', () => {
  it('are noted, and a day later taken; others stay', async () => {
    await offer('apache', 'nginx');
    await run();
    expect(await texts()).toEqual(['x apache', 'x nginx']);
    await close('nginx');
    await run();
    expect(await texts()).toEqual(['x apache', 'x nginx (noted)']);
    await run();
    expect(await texts()).toEqual(['x apache', 'x nginx (noted)']);
    await passDays(2);
    await run();
    expect(await texts()).toEqual(['x apache']);
  });

  it('and then have one again, are kept anew beside the noted one, which goes', async () => {
    await offer('nginx');
    await close('nginx');
    await run();
    await offer('nginx');
    expect(await texts()).toEqual(['x nginx', 'x nginx (noted)']);
    await passDays(2);
    await run();
    expect(await texts()).toEqual(['x nginx']);
  });

  it('are no such, where somebody found them while they were noted: the note goes', async () => {
    await offer('nginx');
    await test.database.pool.query('update service_texts set unused_since = now()');
    await passDays(2);
    await run();
    expect(await texts()).toEqual(['x nginx']);
  });

  it('of other sites are not touched', async () => {
    const own = siteId;
    await offer('lighttpd');
    await close('lighttpd');
    ({ siteId } = await buildSite(test.database));
    await run();
    siteId = own;
    expect(await texts()).toEqual(['x lighttpd']);
  });

  it('are all looked at, in steps', async () => {
    const many = Array.from({ length: 2_300 }, (_, index) => `product${index}`);
    await offer(...many);
    await test.database.pool.query('delete from service_intervals where site_id = $1', [siteId]);
    await run();
    const noted = await texts();
    expect(noted.filter((text) => text.endsWith('(noted)'))).toHaveLength(2_300);
    await passDays(2);
    await run();
    expect(await texts()).toEqual([]);
  });
});
