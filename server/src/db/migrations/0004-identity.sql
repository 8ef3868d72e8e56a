-- By what a group knows its hosts again (core/host/identity). A scan keeps what it began with.
alter table groups add identity text not null default 'address' check (identity in ('address', 'mac', 'name'));
alter table scans add identity text not null default 'address' check (identity in ('address', 'mac', 'name'));

-- When the service was first seen, where that was at another address of its host; null: valid_from.
alter table service_intervals add since timestamptz;

-- Hosts whose address belongs to another host since, and who were seen nowhere else. Expires.
create table displaced_hosts (
  site_id uuid not null,
  id bigint generated always as identity,
  group_id uuid not null,
  -- core/host/belief HostBelief; its address is the last one that the host had.
  belief jsonb not null,
  -- As in hosts.
  down_after smallint check (down_after between 0 and 10),
  service_down_after smallint check (service_down_after between 0 and 10),
  first_seen_at timestamptz,
  displaced_at timestamptz not null,
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create index displaced_hosts_by_group on displaced_hosts (site_id, group_id, displaced_at);
alter table displaced_hosts enable row level security;
create policy site on displaced_hosts to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on displaced_hosts to netdelta_app;
