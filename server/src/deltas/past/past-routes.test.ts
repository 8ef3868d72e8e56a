import { setTimeout } from 'node:timers/promises';
import { comparePage, pastHost, pastHostPage } from '@netdelta/core/api/past.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../../http/testing/create-test-server.ts';
import { insertTargetDeltas, updateHostsToReach } from '../../targets/reach-queries.ts';
import { createScanner, type Scanner } from '../testing/create-scanner.ts';
import { pastRoutes } from './routes.ts';

const [A, B, C] = ['127.1.0.1', '127.1.0.2', '127.1.0.3'] as const;
let test: TestDatabase;
let scanner: Scanner;
let server: TestServer;
let groupId: string;
/** The ids of the scans, the first one at 1. */
const scans: string[] = [''];

const up = (address: string, ports: number[], more: Parameters<typeof buildSeen>[1] = {}) =>
  buildSeen(
    ports.map((port) => buildOpen(port)),
    { address, covered: [22, 80], ...more },
  );
const down = (address: string) =>
  buildUnanswered({ address, covered: { tcp: [[1, 1000]], udp: [] } });

async function createGroup(name: string, identity: 'address' | 'mac' = 'address') {
  const targets = JSON.stringify([{ kind: 'range', text: 'x', first: A, last: C }]);
  const rules = { down_after: 1, service_down_after: 1, identity };
  const group = { name, targets, address_count: 3, ...rules };
  return (await buildGroup(test.database, server.site.id, group)).id;
}

async function scan(group: string, hosts: readonly HostObservation[]): Promise<string> {
  const place = { siteId: server.site.id, userId: server.user.id, groupId: group };
  return scanner.scan(place, hosts);
}

beforeAll(async () => {
  test = await createTestDatabase();
  scanner = await createScanner(test);
  server = await createTestServer(test.database, [pastRoutes(test)], { timeZone: 'Europe/Berlin' });
  groupId = await createGroup('DMZ');
  const looks = [
    [up(A, [22, 80]), up(B, [22]), down(C)],
    [up(A, [22]), up(B, [22, 443], { covered: [22, 80, 443] }), up(C, [80], { names: ['c.test'] })],
    [down(A), up(B, [22, 443], { covered: [22, 80, 443] }), up(C, [80])],
    [up(A, [22, 80]), up(B, [22], { covered: [22, 80, 443] }), up(C, [80], { os: 'Plan 9' })],
  ];
  for (const look of looks) scans.push(await scan(groupId, look));
});
afterAll(async () => {
  await scanner.close();
  await server.app.close();
  await test.close();
});

async function compare(query: string) {
  const answer = await server.call('GET', `compare?${query}`);
  expect(answer.json()).toMatchObject({ from: {} });
  return comparePage.parse(answer.json());
}
const sentences = ({ items }: Awaited<ReturnType<typeof compare>>) =>
  items.flatMap(({ changes, gaps }) => [...changes, ...gaps].map(({ sentence }) => sentence));

describe('compare', () => {
  it('tells what changed between two scans, in the words of deltas, and what cannot be told', async () => {
    const page = await compare(`from=${scans[1]}&to=${scans[2]}`);
    expect(sentences(page)).toEqual([
      `${A}: tcp/80 closed`,
      expect.stringMatching(/^127\.1\.0\.2: tcp\/443 had not been asked by \d+ \w+ \d+, .* CES?T$/),
      `${C} (c.test) is new, with tcp/80 open`,
    ]);
    expect(page).toMatchObject({
      from: { scanId: scans[1], groupId },
      to: { scanId: scans[2], groupId },
      next: null,
      counts: {
        kinds: { 'service.closed': 1, 'host.new': 1 },
        ...{ changes: 2, hosts: 2, gaps: 1, complete: true },
      },
    });
  });

  it('of instants far apart tells the net effect, and nothing that came and went', async () => {
    expect(sentences(await compare(`from=${scans[1]}&to=${scans[4]}`))).toEqual([
      `${C} (c.test) is new, with tcp/80 open`,
    ]);
    expect(sentences(await compare(`from=%232&to=4&groupId=${groupId}`))).toEqual([
      `${A}: tcp/80 opened`,
      `${B}: tcp/443 closed`,
    ]);
    expect(sentences(await compare(`from=${scans[3]}&to=now`))[0]).toBe(`${A} is up again`);
    expect((await compare(`from=${scans[4]}`)).items).toEqual([]);
  });

  it('reads backwards, too', async () => {
    expect(sentences(await compare(`from=${scans[3]}&to=${scans[2]}`))).toEqual([
      `${A} is up again`,
    ]);
  });

  it('before the first scan knows nothing: no host is new', async () => {
    const page = await compare(`from=2026-01-01&to=${scans[1]}`);
    expect(page.counts).toMatchObject({ changes: 0, gaps: 2 });
    expect(sentences(page)[0]).toBe(`${A} had not been asked by 1 Jan 2026, 00:00 CET`);
  });

  it('goes on by pages, and now stays what it was', async () => {
    const first = await compare(`from=${scans[1]}&to=now&limit=1`);
    expect(first.next).not.toBeNull();
    const second = await compare(
      `from=${scans[1]}&to=now&limit=1&after=${encodeURIComponent(first.next ?? '')}`,
    );
    expect(second.to.at).toBe(first.to.at);
    expect(second.counts).toBeNull();
  });

  it('says all that is wrong with the question at once', async () => {
    const other = await createGroup('Other');
    const answer = await server.call(
      'GET',
      `compare?from=tomorrow&to=2999-01-01T00:00Z&groupId=${other}`,
    );
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problems).toEqual([
      { path: 'from', message: expect.stringContaining('"tomorrow" is no instant') },
      { path: 'to', message: '2999-01-01T00:00:00.000Z lies in the future' },
    ]);
    const scanOfOther = await scan(other, [up(A, [])]);
    for (const [query, message] of [
      [`from=${scans[1]}&to=${scanOfOther}`, 'scans of two groups'],
      [`from=${scanOfOther}&groupId=${groupId}`, 'is a scan of another group'],
      [`from=3`, 'name its group'],
      [`from=99&groupId=${groupId}`, 'is not the number of a scan of this group'],
      [`from=${groupId}`, 'is not a scan of this site'],
      [`from=now&groupId=${scans[1]}`, 'is not a group of this site'],
    ] as const)
      expect((await server.call('GET', `compare?${query}`)).json().problems).toEqual([
        { path: expect.any(String), message: expect.stringContaining(message) },
      ]);
    expect((await server.call('GET', 'compare?from=now&after=there')).statusCode).toBe(400);
    for (const [at, address, group] of [
      ['2026-02-30T00:00:00.000Z', A, groupId],
      ['2026-11-24T00:00:00.000Z', '1.2', groupId],
      ['2026-11-24T00:00:00.000Z', A, '-'.repeat(36)],
    ])
      expect(
        (await server.call('GET', `hosts/as-of?at=now&after=${at}_${address}_${group}`)).statusCode,
      ).toBe(400);
  });

  it('tells a host that is known by its MAC address where it has moved', async () => {
    const known = await createGroup('Laptops', 'mac');
    const [mac, other] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
    const first = await scan(known, [up(A, [22], { mac }), up(B, [22], { mac: other }), down(C)]);
    await scan(known, [up(A, [22], { mac: other }), down(B), up(C, [22], { mac })]);
    const last = await scan(known, [
      up(A, [22], { mac: other }),
      up(B, [22, 80], { mac }),
      down(C),
    ]);
    expect(sentences(await compare(`from=${first}&to=${last}`))).toEqual([
      `${B} (${other}) moved to ${A}`,
      `${A} (${mac}) moved to ${B}`,
      `${B}: tcp/80 opened`,
    ]);
  });
});

async function asOf(query: string) {
  return pastHostPage.parse((await server.call('GET', `hosts/as-of?${query}`)).json());
}

describe('hosts as of an instant', () => {
  it('are as they were believed then', async () => {
    const brief = async (at: string | undefined) =>
      (await asOf(`at=${at}`)).items.map(({ address, status, serviceCount, os }) => ({
        ...{ address, status, serviceCount, os },
      }));
    const of = (
      address: string,
      status: string,
      serviceCount: number,
      os: string | null = null,
    ) => ({
      ...{ address, status, serviceCount, os },
    });
    expect(await brief(scans[1])).toEqual([of(A, 'NEW', 2), of(B, 'NEW', 1), of(C, 'ABSENT', 0)]);
    expect(await brief(scans[3])).toEqual([of(A, 'DOWN', 1), of(B, 'UP', 2), of(C, 'UP', 1)]);
    expect(await brief(scans[4])).toEqual([
      of(A, 'RETURNED', 2),
      of(B, 'CHANGED', 1),
      of(C, 'UP', 1, 'Plan 9'),
    ]);
    expect((await asOf('at=2026-01-01')).items).toEqual([]);
  });

  it.each([
    ['status=DOWN', [A]],
    ['port=443', [B]],
    ['port=80', [C]],
    ['text=c.test', [C]],
    ['text=0.2', [B]],
    ['text=Plan', []],
  ])('are found by %s, as it was then', async (filter, addresses) => {
    const { items, next } = await asOf(`at=${scans[3]}&${filter}`);
    expect(items.map(({ address }) => address)).toEqual(addresses);
    expect(next).toBeNull();
  });

  it('come in pages', async () => {
    const found: string[] = [];
    let after = '';
    for (let page = 0; page < 5; page += 1) {
      const { items, next } = await asOf(`at=now&groupId=${groupId}&limit=1${after}`);
      found.push(...items.map(({ address }) => address));
      if (next === null) break;
      after = `&after=${encodeURIComponent(next)}`;
    }
    expect(found).toEqual([A, B, C]);
  });

  it('have a page each, with the services and the known ports of then', async () => {
    const at = async (address: string, instant: string | undefined) =>
      server.call('GET', `hosts/${groupId}/${address}/as-of?at=${instant}`);
    const then = pastHost.parse((await at(B, scans[1])).json());
    expect(then).toMatchObject({ host: { status: 'NEW' }, known: { tcp: '22,80', udp: '' } });
    expect(then.services.map(({ port }) => port)).toEqual([22]);
    const later = pastHost.parse((await at(B, scans[3])).json());
    expect(later.services.map(({ port }) => port)).toEqual([22, 443]);
    expect(later.known.tcp).toBe('22,80,443');
    expect((await at(B, '2026-01-01')).statusCode).toBe(404);
    expect((await at('127.9.9.9', 'now')).statusCode).toBe(404);
    expect((await at('nowhere', 'now')).statusCode).toBe(404);
    expect((await at(B, 'then')).statusCode).toBe(400);
  });

  it('are no targets from when they were taken out of the group, and again from when they came back', async () => {
    const place = { siteId: server.site.id, groupId };
    const range = (first: string, last: string) => [{ first, last }];
    const none = { excluded: [], names: [] };
    const edit = (inside: string, rest: readonly { first: string; last: string }[]) =>
      test.database.withSite(place.siteId, (tx) =>
        updateHostsToReach(tx, place, { inside: range(A, inside), outside: rest, ...none }),
      );
    await edit(B, range(C, '255.255.255.255'));
    const without = new Date().toISOString();
    await edit(C, []);
    const one = await server.call('GET', `hosts/${groupId}/${C}/as-of?at=${without}`);
    expect(one.json().host).toMatchObject({ status: 'REMOVED', names: ['c.test'], os: 'Plan 9' });
    expect(sentences(await compare(`from=${scans[4]}&to=${without}`))).toEqual([
      expect.stringContaining(`${C} was no target of the group at`),
    ]);
    expect(sentences(await compare(`from=${scans[4]}&to=now`))).toEqual([
      expect.stringContaining(`${C} had not been asked by`),
    ]);
  });
});

/** The database counts microseconds: an instant that is surely after what was, and before what comes. */
async function instantApart(): Promise<string> {
  await setTimeout(5);
  const instant = new Date().toISOString();
  await setTimeout(5);
  return instant;
}

it('targets that were edited between the instants are told, and those edited back are not', async () => {
  const place = { siteId: server.site.id, groupId };
  const before = await instantApart();
  const edit = (kind: 'target.added' | 'target.removed', text: string) =>
    test.database.withSite(place.siteId, (tx) =>
      insertTargetDeltas(tx, place, [
        { kind, target: { kind: 'range', text, first: text, last: text }, addresses: 1 },
      ]),
    );
  await edit('target.added', '10.9.9.9');
  await edit('target.removed', '10.8.8.8');
  const between = await instantApart();
  await edit('target.removed', '10.9.9.9');
  const told = async (from: string, to: string) =>
    (await compare(`from=${from}&to=${to}`)).targets?.map(({ sentence }) => sentence);
  expect(await told(before, between)).toEqual([
    '10.9.9.9 was added to the group (1 address)',
    '10.8.8.8 was removed from the group (1 address)',
  ]);
  expect(await told(before, 'now')).toEqual(['10.8.8.8 was removed from the group (1 address)']);
  expect(await told('now', before)).toEqual(['10.8.8.8 was added to the group (1 address)']);
});

it('a site never sees the past of another', async () => {
  const other = await createTestServer(test.database, [pastRoutes(test)], { slug: 'other' });
  const statusOf = async (path: string) => (await other.call('GET', path)).statusCode;
  expect(await statusOf(`compare?from=${scans[1]}&to=${scans[2]}`)).toBe(400);
  expect(await statusOf(`compare?from=2026-01-01&groupId=${groupId}`)).toBe(400);
  expect(await statusOf(`hosts/${groupId}/${A}/as-of?at=now`)).toBe(400);
  expect((await other.call('GET', 'compare?from=2026-01-01')).json()).toMatchObject({ items: [] });
  expect((await other.call('GET', 'hosts/as-of?at=now')).json()).toMatchObject({ items: [] });
  await other.app.close();
});
