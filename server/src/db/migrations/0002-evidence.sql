-- Silence is judged by evidence: 0 stands for that, 1-10 for so many silent scans in a row.
alter table groups drop constraint groups_down_after_check;
alter table groups add check (down_after between 0 and 10);
alter table groups alter down_after set default 0;
alter table groups add service_down_after smallint not null default 0 check (service_down_after between 0 and 10);
update groups set service_down_after = down_after;
-- Endpoints that always answer, one a line; asked when too much falls silent at once.
alter table groups add beacons text not null default '';

alter table scans add service_down_after smallint not null default 0;
update scans set service_down_after = down_after;
-- Counts the group's scans, from 1; one that failed or was cancelled is not counted on.
alter table scans add number integer not null default 0;
update scans as s set number = n.number from (
  select site_id, id, row_number() over (partition by site_id, group_id order by created_at, id) as number
  from scans where started_at is not null
) as n where n.site_id = s.site_id and n.id = s.id;
-- Some shard of it heard nothing at all, nor did the sentinels.
alter table scans add blind boolean not null default false;

-- What its last scan lost on the way (0-1), the mean of its shards.
alter table scans add loss double precision;

alter table shards add confirmation jsonb;
-- What was judged (core/host/decide-sight), zstd of JSON: enough to judge it again.
alter table shards add sight bytea;

alter table hosts add contacts text[] not null default '{}';
alter table hosts add silence_likelihood double precision;
alter table hosts add unsteady jsonb not null default '[]';
alter table hosts add answers_everything boolean not null default false;
-- The host's own rules; null: its group's.
alter table hosts add down_after smallint check (down_after between 0 and 10);
alter table hosts add service_down_after smallint check (service_down_after between 0 and 10);
alter table service_intervals add silence_likelihood double precision;
-- The steadiest hosts of a group, to be asked whether the scanner still sees.
create index hosts_steady on hosts (site_id, group_id, status_since) where status = 3;

-- The ledger: changes that a sweep showed and that asking again refuted.
create table refutations (
  site_id uuid not null,
  id bigint generated always as identity,
  group_id uuid not null,
  scan_id uuid not null,
  at timestamptz not null,
  address inet not null,
  protocol text check (protocol in ('tcp', 'udp')),
  port integer check (port between 0 and 65535),
  kind text not null check (kind in ('host', 'silent', 'refused', 'blocked', 'replaced')),
  finding jsonb not null,
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create index refutations_by_time on refutations (site_id, at);
create index refutations_by_host on refutations (site_id, group_id, address, id desc);
alter table refutations enable row level security;
create policy site on refutations to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on refutations to netdelta_app;

create index deltas_of_subnets on deltas (site_id, id desc) where kind in ('subnet.down', 'subnet.returned');
create unique index deltas_once_target on deltas (site_id, scan_id, kind, target)
  where scan_id is not null and target is not null;
