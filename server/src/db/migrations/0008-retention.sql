-- Sets of addresses as ranges: a shard of a /24 is one range and not 256 addresses. Ranges are half
-- open ([10.0.0.0,10.0.1.0)), so that neighbours join: Postgres knows no next address of its own.
create type address_range as range (subtype = inet, multirange_type_name = address_set);

alter table shards add address_count smallint check (address_count between 1 and 256);
alter table shards add address_set address_set;
update shards set address_count = cardinality(addresses),
  address_set = (
    select range_agg(case when address in ('255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
      then address_range(address, address, '[]') else address_range(address, address + 1) end)
    from unnest(addresses) as address
  );
alter table shards drop addresses;
alter table shards rename address_set to addresses;
alter table shards alter addresses set not null, alter address_count set not null;
-- Compressed already.
alter table shards alter sight set storage external, alter output set storage external;

-- What a shard saw is nearly what it saw the night before: it is kept as what differs from a base.
create table sight_bases (
  site_id uuid not null,
  id bigint generated always as identity,
  group_id uuid not null,
  -- The number of the shards of this group that refer to it, until there is a newer one.
  shard_number integer not null,
  -- As shards.sight, and whole.
  sight bytea not null,
  created_at timestamptz not null default now(),
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
alter table sight_bases alter sight set storage external;
create index sight_bases_by_shard on sight_bases (site_id, group_id, shard_number, id desc);
-- Null: the sight is whole.
alter table shards add sight_base_id bigint;

-- What of a scan stays for ever: its totals, and which addresses it covered.
alter table scans add covered address_set;
alter table scans add uncovered_count integer not null default 0;
update scans as s set covered = t.asked - coalesce(t.uncovered, '{}'), uncovered_count = t.uncovered_count
from (
  select sh.site_id, sh.scan_id, range_agg(sh.addresses) filter (where sh.covered_count > 0) as asked,
    (select range_agg(address_range(u.address, u.address, '[]')) from shards as x, jsonb_array_elements(x.uncovered) as host,
      lateral (select (host->>'address')::inet as address) as u
      where x.site_id = sh.site_id and x.scan_id = sh.scan_id) as uncovered,
    sum(jsonb_array_length(sh.uncovered))::int as uncovered_count
  from shards as sh group by sh.site_id, sh.scan_id
) as t where t.site_id = s.site_id and t.scan_id = s.id and s.finished_at is not null;
-- When its details (shards, sights, engine output) expired, and its deltas. From then on they are not to
-- be read; the rows go in small steps, and has_… says whether some may be left.
alter table scans
  add details_expired_at timestamptz,
  add has_details boolean not null default true,
  add history_expired_at timestamptz,
  add has_history boolean not null default true;
create index scans_with_details on scans (site_id, group_id, created_at) where has_details;
create index scans_with_history on scans (site_id, group_id, created_at) where has_history;

create index notifications_ended on notifications (site_id, created_at) where status <> 'queued';
create index if not exists host_intervals_ended on host_intervals (site_id, group_id, valid_to) where valid_to is not null;
create index if not exists service_intervals_ended on service_intervals (site_id, group_id, valid_to) where valid_to is not null;

alter table sites
  add column detail_days smallint not null default 90 check (detail_days between 7 and 3650),
  -- Null: for ever.
  add column history_months smallint check (history_months between 1 and 240),
  add column retention_next_at timestamptz not null default now();
-- Since when a group's past is whole; null: since its first scan.
alter table groups add history_from timestamptz;
create index sites_by_retention on sites (retention_next_at);

-- What retention did in a site, and what its data took then; one row a run.
create table retention_runs (
  site_id uuid not null references sites on delete cascade,
  id bigint generated always as identity,
  started_at timestamptz not null default now(),
  -- Null: it has not ended, or was interrupted; the next one goes on where it stopped.
  finished_at timestamptz,
  detail_days smallint not null,
  history_months smallint,
  -- core/retention/retention Expired: rows by kind, and bytes.
  expired jsonb not null default '{}',
  -- core/retention/retention StorageSizes, measured at the end.
  sizes jsonb,
  primary key (site_id, id)
);
alter table retention_runs enable row level security;
alter table sight_bases enable row level security;
create policy site on retention_runs to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
create policy site on sight_bases to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on retention_runs, sight_bases to netdelta_app;
