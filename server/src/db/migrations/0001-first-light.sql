-- People and their sessions belong to the instance; everything else begins with site_id.
create table users (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null default false,
  image text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create table sessions (
  id text primary key,
  "userId" text not null references users on delete cascade,
  token text not null unique,
  "expiresAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index on sessions ("userId");
create table accounts (
  id text primary key,
  "userId" text not null references users on delete cascade,
  "accountId" text not null,
  "providerId" text not null,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index on accounts ("userId");
create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index on verifications (identifier);
-- The one set-up link that is valid now; none once the first site exists.
create table setup_links (
  "only" boolean primary key default true check ("only"),
  token_hash bytea not null,
  created_at timestamptz not null default now()
);

create table sites (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  time_zone text not null default 'UTC',
  target_limit integer not null default 65536 check (target_limit between 1 and 1000000),
  created_at timestamptz not null default now()
);
create table members (
  site_id uuid not null references sites on delete cascade,
  user_id text not null references users on delete cascade,
  role text not null check (role in ('owner')),
  created_at timestamptz not null default now(),
  primary key (site_id, user_id)
);
create index on members (user_id);

create table profiles (
  site_id uuid not null references sites on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  description text not null default '',
  built_in boolean not null default false,
  options jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, id)
);
create unique index profiles_name_key on profiles (site_id, lower(name));

create table groups (
  site_id uuid not null references sites on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  description text not null default '',
  owner text not null default '',
  -- As typed, with comments; and as understood (core/target Target[]).
  targets_text text not null,
  exclusions_text text not null default '',
  targets jsonb not null,
  exclusions jsonb not null,
  address_count integer not null,
  name_count integer not null default 0,
  profile_id uuid not null,
  down_after smallint not null check (down_after between 1 and 10),
  recipients text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, id),
  foreign key (site_id, profile_id) references profiles
);
create unique index groups_name_key on groups (site_id, lower(name));

create table schedules (
  site_id uuid not null,
  id uuid not null default gen_random_uuid(),
  group_id uuid not null,
  timing jsonb not null,
  missed text not null check (missed in ('run', 'skip')),
  overlap text not null check (overlap in ('wait', 'skip')),
  enabled boolean not null default true,
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_outcome text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create index schedules_due on schedules (next_run_at) where enabled and next_run_at is not null;
create index on schedules (site_id, group_id);

create table scans (
  site_id uuid not null,
  id uuid not null default gen_random_uuid(),
  group_id uuid not null,
  status text not null check (status in ('waiting', 'running', 'cancelling', 'finished', 'partial', 'failed', 'cancelled')),
  trigger text not null check (trigger in ('person', 'schedule')),
  schedule_id uuid,
  started_by text,
  first boolean not null default false,
  previous_scan_id uuid,
  profile_name text not null,
  options jsonb not null,
  down_after smallint not null,
  engine text,
  engine_version text,
  engine_choice text,
  address_count integer not null default 0,
  shard_count integer not null default 0,
  shards_done integer not null default 0,
  hosts_up integer not null default 0,
  services_open integer not null default 0,
  delta_count integer not null default 0,
  -- [{what, message}]: unresolved names, failed shards …
  problems jsonb not null default '[]',
  -- In ms, as in ISO 8601 texts: the list's keyset goes through them.
  created_at timestamptz(3) not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create index scans_by_time on scans (site_id, created_at desc, id desc);
create index scans_by_group on scans (site_id, group_id, created_at desc, id desc);
-- Scans of one group never interleave.
create unique index scans_one_running on scans (site_id, group_id) where status in ('running', 'cancelling');

create table coverages (
  site_id uuid not null references sites on delete cascade,
  id bigint generated always as identity,
  -- Port lists in nmap's form.
  tcp text not null,
  udp text not null,
  -- An identity, no secret; sha256 would need convert_to, which is not immutable.
  digest bytea generated always as (decode(md5(tcp || '|' || udp), 'hex')) stored,
  primary key (site_id, id),
  unique (site_id, digest)
);

create table shards (
  site_id uuid not null,
  scan_id uuid not null,
  number integer not null,
  addresses inet[] not null check (cardinality(addresses) between 1 and 256),
  -- {address: host name} for the addresses that came from a host name target.
  names jsonb not null default '{}',
  status text not null check (status in ('queued', 'running', 'finished', 'partial', 'failed', 'cancelled')),
  attempts smallint not null default 0,
  engine text,
  engine_version text,
  arguments text[],
  -- While running: {fraction 0-1, hostsUp, servicesOpen}.
  progress jsonb not null default '{"fraction": 0, "hostsUp": 0, "servicesOpen": 0}',
  covered_count integer not null default 0,
  -- [{address, reason}]: asked, but not finished.
  uncovered jsonb not null default '[]',
  problem text,
  -- The engine's raw output (nmap XML), zstd; dropped by retention.
  output bytea,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (site_id, scan_id, number),
  foreign key (site_id, scan_id) references scans on delete cascade
);

create table hosts (
  site_id uuid not null,
  group_id uuid not null,
  address inet not null,
  -- The host name target that the address came from, if any.
  target_name text,
  status smallint not null check (status between 0 and 9),
  reason text not null,
  -- The way of asking that it last answered (core/profile/discovery-way).
  seen_by text,
  names text[] not null default '{}',
  mac text,
  mac_vendor text,
  os text,
  known_coverage_id bigint,
  silence_scans smallint not null default 0,
  silence_since_scan uuid,
  silence_since timestamptz,
  status_since timestamptz not null,
  first_seen_at timestamptz,
  last_scan_id uuid,
  primary key (site_id, group_id, address),
  foreign key (site_id, group_id) references groups on delete cascade,
  foreign key (site_id, known_coverage_id) references coverages
);
create index hosts_by_status on hosts (site_id, group_id, status, address);
create index hosts_by_address on hosts (site_id, address, group_id);

create table host_intervals (
  site_id uuid not null,
  group_id uuid not null,
  address inet not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  status smallint not null check (status between 0 and 9),
  scan_id uuid,
  primary key (site_id, group_id, address, valid_from),
  foreign key (site_id, group_id, address) references hosts on delete cascade
);
create unique index host_intervals_now on host_intervals (site_id, group_id, address) where valid_to is null;

create table service_intervals (
  site_id uuid not null,
  group_id uuid not null,
  address inet not null,
  protocol text not null check (protocol in ('tcp', 'udp')),
  port integer not null check (port between 0 and 65535),
  valid_from timestamptz not null,
  valid_to timestamptz,
  scan_id uuid not null,
  reason text not null,
  service jsonb,
  scripts jsonb,
  silence_scans smallint not null default 0,
  silence_since_scan uuid,
  silence_since timestamptz,
  primary key (site_id, group_id, address, protocol, port, valid_from),
  foreign key (site_id, group_id, address) references hosts on delete cascade
);
create unique index service_intervals_now on service_intervals (site_id, group_id, address, protocol, port)
  where valid_to is null;
create index service_intervals_by_port on service_intervals (site_id, port, group_id, address) where valid_to is null;

create table deltas (
  site_id uuid not null,
  id bigint generated always as identity,
  group_id uuid not null,
  scan_id uuid,
  at timestamptz not null,
  kind text not null,
  address inet,
  target text,
  protocol text,
  port integer,
  before jsonb,
  after jsonb,
  evidence jsonb not null,
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create index deltas_by_time on deltas (site_id, id desc);
create index deltas_by_group on deltas (site_id, group_id, id desc);
create index deltas_by_address on deltas (site_id, address, id desc);
create index deltas_by_scan on deltas (site_id, scan_id, id desc);
create unique index deltas_once on deltas (site_id, scan_id, kind, address, protocol, port) nulls not distinct
  where scan_id is not null and address is not null;

create table notifications (
  site_id uuid not null references sites on delete cascade,
  id bigint generated always as identity,
  scan_id uuid,
  group_id uuid,
  recipient text not null,
  subject text not null,
  text text not null,
  html text not null,
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  last_error text,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (site_id, id),
  foreign key (site_id, group_id) references groups on delete cascade
);
create unique index notifications_once on notifications (site_id, scan_id, recipient) where scan_id is not null;
create index notifications_waiting on notifications (next_attempt_at) where status = 'queued';

-- The application works as this role inside a transaction that names its site: a forgotten WHERE leaks nothing.
do $$
begin
  if not exists (select from pg_roles where rolname = 'netdelta_app') then
    create role netdelta_app nologin nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  -- Since Postgres 16, who makes a role may give it away, but not yet work as it.
  if not pg_has_role(current_user, 'netdelta_app',
                     case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end) then
    execute format('grant netdelta_app to %I', current_user);
  end if;
  execute format('grant usage on schema %I to netdelta_app', current_schema());
end $$;

do $$
declare name text;
begin
  foreach name in array array['members', 'profiles', 'groups', 'schedules', 'scans', 'coverages', 'shards', 'hosts',
    'host_intervals', 'service_intervals', 'deltas', 'notifications']
  loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$create policy site on %I to netdelta_app
      using (site_id = nullif(current_setting('app.site', true), '')::uuid)
      with check (site_id = nullif(current_setting('app.site', true), '')::uuid)$policy$, name);
    execute format('grant select, insert, update, delete on %I to netdelta_app', name);
  end loop;
end $$;
alter table sites enable row level security;
create policy site on sites to netdelta_app
  using (id = nullif(current_setting('app.site', true), '')::uuid);
grant select, update on sites to netdelta_app;
grant usage on all sequences in schema public to netdelta_app;
grant select (id, name, email) on users to netdelta_app;
