import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase, type Database } from './database.ts';
import { migrate } from './migrate.ts';
import { urlOf } from './testing/template.ts';
import { toldStatus } from './told-status-queries.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** The last migration of the version that is upgraded. */
const OLD = '0004-identity';
const NAME = `test_upgrade_${randomUUID().slice(0, 8)}`;

let server: Client;
let database: Database;

beforeAll(async () => {
  server = new Client({ connectionString: inject('postgresUrl') });
  await server.connect();
  await server.query(`create database ${NAME}`);
  const url = urlOf(inject('postgresUrl'), NAME);
  database = createDatabase(url, { log: pino({ level: 'silent' }) });
  await buildOld();
  await fillOld();
  expect((await migrate(database))[0]).toBe('0005-import');
});
afterAll(async () => {
  await database.close();
  await server.query(`drop database if exists ${NAME} with (force)`);
  await server.end();
});

/** The tables of the old version, with kysely's own notes of it. */
async function buildOld(): Promise<void> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  await database.pool.query(`
    create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
    create table kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0);
    insert into kysely_migration_lock (id) values ('migration_lock')`);
  for (const file of files) {
    const name = file.replace('.sql', '');
    if (name > OLD) continue;
    await database.pool.query(await readFile(new URL(file, FOLDER), 'utf8'));
    await database.pool.query('insert into kysely_migration values ($1, now()::text)', [name]);
  }
}

/**
 * A site with a finished scan, a second one that closed a service, saw a host no more and another for the
 * first time, and a third that runs; addresses at the ends of both families.
 */
async function fillOld(): Promise<void> {
  await database.pool.query(`
    insert into users (id, name, email, "createdAt") values
      ('ada', 'Ada', 'ada@example.test', '2026-01-01Z'), ('bob', 'Bob', 'bob@example.test', '2026-02-01Z');
    insert into sites (id, slug, name) values ('00000000-0000-4000-8000-000000000001', 'main', 'Main');
    insert into members (site_id, user_id, role) select id, 'ada', 'owner' from sites;
    insert into profiles (site_id, name, options) select id, 'Quick', '{}' from sites;
    insert into groups (site_id, id, name, targets_text, targets, exclusions, address_count, profile_id, down_after)
      select site_id, '00000000-0000-4000-8000-000000000002', 'Office', '10.0.0.1-3', '[]', '[]', 3, id, 3 from profiles;
    insert into scans (site_id, id, group_id, status, trigger, profile_name, options, down_after, number, created_at, started_at, finished_at)
      select g.site_id, s.id::uuid, g.id, s.status, 'person', 'Quick', '{}', 3, s.number, s.at::timestamptz, s.at::timestamptz, s.ended::timestamptz
      from groups as g, (values
        ('00000000-0000-4000-8000-00000000000a', 'finished', 1, '2026-03-01 10:00Z', '2026-03-01 10:05Z'),
        ('00000000-0000-4000-8000-00000000000b', 'partial', 2, '2026-03-02 10:00Z', '2026-03-02 10:05Z'),
        ('00000000-0000-4000-8000-00000000000c', 'running', 3, '2026-03-03 10:00Z', null)) as s (id, status, number, at, ended);
    insert into coverages (site_id, tcp, udp) select id, '22,80', '' from sites;
    insert into shards (site_id, scan_id, number, addresses, status, covered_count, uncovered)
      select site_id, id, 0, array['10.0.0.1', '10.0.0.2', '10.0.0.3', '255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']::inet[],
        case number when 3 then 'running' else status end, case number when 3 then 0 else 4 end,
        case number when 2 then '[{"address": "10.0.0.2", "reason": "host-timeout"}]'::jsonb else '[]' end from scans;
    insert into hosts (site_id, group_id, address, status, reason, names, mac, os, known_coverage_id, status_since, first_seen_at, last_scan_id)
      select g.site_id, g.id, h.address::inet, h.status, 'syn-ack', h.names::text[], 'aa:bb:cc:00:00:01', 'Linux', c.id, '2026-03-01 10:05Z',
        '2026-03-01 10:05Z', '00000000-0000-4000-8000-00000000000b'
      from groups as g join coverages as c using (site_id),
        (values ('10.0.0.1', 3, '{web.example.test}'), ('10.0.0.2', 6, '{}'), ('10.0.0.3', 2, '{}')) as h (address, status, names);
    insert into host_intervals (site_id, group_id, address, valid_from, valid_to, status, scan_id)
      select g.site_id, g.id, i.address::inet, i.since::timestamptz, i.until::timestamptz, i.status,
        ('00000000-0000-4000-8000-00000000000' || case i.since when '2026-03-01 10:05Z' then 'a' else 'b' end)::uuid
      from groups as g, (values
        ('10.0.0.1', '2026-03-01 10:05Z', '2026-03-02 10:05Z', 2), ('10.0.0.1', '2026-03-02 10:05Z', null, 3),
        ('10.0.0.2', '2026-03-01 10:05Z', '2026-03-02 10:05Z', 2), ('10.0.0.2', '2026-03-02 10:05Z', null, 6),
        ('10.0.0.3', '2026-03-02 10:05Z', null, 2)) as i (address, since, until, status);
    insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, valid_to, scan_id, reason, service)
      select g.site_id, g.id, i.address::inet, 'tcp', i.port, i.since::timestamptz, i.until::timestamptz,
        '00000000-0000-4000-8000-00000000000a', 'syn-ack', i.service::jsonb
      from groups as g, (values
        ('10.0.0.1', 22, '2026-03-01 10:05Z', null, '{"method": "probed", "name": "ssh", "product": "OpenSSH"}'),
        ('10.0.0.1', 80, '2026-03-01 10:05Z', '2026-03-02 10:05Z', null),
        ('10.0.0.2', 22, '2026-03-01 10:05Z', null, null), ('10.0.0.3', 22, '2026-03-02 10:05Z', null, null)) as i (address, port, since, until, service);
    insert into deltas (site_id, group_id, scan_id, at, kind, address, protocol, port, evidence)
      select site_id, id, '00000000-0000-4000-8000-00000000000b', '2026-03-02 10:05Z', 'service.closed', '10.0.0.1', 'tcp', 80,
        '{"reason": "reset"}' from groups;
  `);
}

const query = async (text: string) => (await database.pool.query(text)).rows;

describe('an upgrade of a database that has data', () => {
  it('keeps the addresses of shards, as ranges, and what each ended scan covered', async () => {
    const asked =
      '{[10.0.0.1,10.0.0.4),[255.255.255.255,255.255.255.255],[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]}';
    const shards = await query(
      'select addresses::text, address_count, sight_base_id from shards order by scan_id',
    );
    expect(shards).toEqual(
      Array.from({ length: 3 }, () => ({
        addresses: asked,
        address_count: 5,
        sight_base_id: null,
      })),
    );
    expect(
      await query(
        'select covered::text, uncovered_count, has_details, has_history from scans order by number',
      ),
    ).toEqual([
      { covered: asked, uncovered_count: 0, has_details: true, has_history: true },
      {
        covered: asked.replace('[10.0.0.1,10.0.0.4)', '[10.0.0.1,10.0.0.2),(10.0.0.2,10.0.0.4)'),
        uncovered_count: 1,
        has_details: true,
        has_history: true,
      },
      { covered: null, uncovered_count: 0, has_details: true, has_history: true },
    ]);
  });

  it('takes what is believed of hosts for their past, and tells where it differs', async () => {
    expect(
      await query(`select host(address) as address, status, names, os, known_coverage_id is not null as known, differs
        from host_intervals order by address, valid_from`),
    ).toEqual([
      {
        address: '10.0.0.1',
        status: 2,
        names: ['web.example.test'],
        os: 'Linux',
        known: true,
        differs: true,
      },
      {
        address: '10.0.0.1',
        status: 3,
        names: ['web.example.test'],
        os: 'Linux',
        known: true,
        differs: false,
      },
      { address: '10.0.0.2', status: 2, names: [], os: 'Linux', known: true, differs: true },
      { address: '10.0.0.2', status: 6, names: [], os: 'Linux', known: true, differs: true },
      { address: '10.0.0.3', status: 2, names: [], os: 'Linux', known: true, differs: true },
    ]);
    expect(
      await query(
        'select port, end_state, end_reason from service_intervals where valid_to is not null',
      ),
    ).toEqual([{ port: 80, end_state: 'closed', end_reason: 'reset' }]);
  });

  it('counts what is there, and finds it', async () => {
    expect(
      await query('select status, hosts, services from group_tallies order by status'),
    ).toEqual([
      { status: 2, hosts: 1, services: 1 },
      { status: 3, hosts: 1, services: 1 },
      { status: 6, hosts: 1, services: 1 },
    ]);
    expect(await query("select text from service_texts where text <> ''")).toEqual([
      { text: 'ssh openssh ' },
    ]);
    expect(
      await query("select host(address) as address from hosts where search like '%web.ex%'"),
    ).toEqual([{ address: '10.0.0.1' }]);
  });

  it('tells the statuses of hosts as before, at any instant, and of which scan a host is NEW', async () => {
    const told = `${toldStatus('h')} as told`;
    expect(
      await query(`select host(address) as address, ${told} from hosts as h order by address`),
    ).toEqual([
      { address: '10.0.0.1', told: 3 },
      { address: '10.0.0.2', told: 6 },
      { address: '10.0.0.3', told: 2 },
    ]);
    const then = toldStatus('i', 'scan_id', "coalesce(i.valid_to, now()) - interval '1 ms'");
    expect(await query(`select from host_intervals as i where ${then} <> status`)).toEqual([]);
    expect(
      await query(`select s.number, s.new_until is null as young, t.hosts from scans as s
        left join group_tallies as t on t.scan_id = s.id order by 1`),
    ).toEqual([
      { number: 1, young: false, hosts: null },
      { number: 2, young: true, hosts: 1 },
      { number: 3, young: true, hosts: null },
    ]);
  });

  it('makes the first person the administrator of the platform', async () => {
    expect(await query('select id, platform_admin from users order by id')).toEqual([
      { id: 'ada', platform_admin: true },
      { id: 'bob', platform_admin: false },
    ]);
  });

  it('lets a group go with all that is known of it', async () => {
    await database.withSite('00000000-0000-4000-8000-000000000001', (tx) =>
      tx.deleteFrom('groups').execute(),
    );
    const tables = [
      'hosts',
      'host_intervals',
      'service_intervals',
      'scans',
      'shards',
      'deltas',
      'group_tallies',
    ];
    for (const table of tables)
      expect(await query(`select count(*)::int as ${table} from ${table}`)).toEqual([
        { [table]: 0 },
      ]);
  });
});
