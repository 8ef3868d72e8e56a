-- What a site is authorised to scan, who said so, and until when. No entry of a layer: it allows all.
create table scope_entries (
  site_id uuid not null references sites on delete cascade,
  id uuid not null default gen_random_uuid(),
  -- A site's own people change what they laid, and only see what the platform did.
  laid_by text not null check (laid_by in ('platform', 'site')),
  -- As typed, with comments; and as understood (core/target Target[]).
  targets_text text not null,
  targets jsonb not null,
  address_count bigint not null,
  name_count integer not null,
  authorised_by text not null,
  -- The last day on which it holds, by the site's calendar.
  valid_until date,
  note text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, id)
);
alter table scope_entries enable row level security;
create policy seen on scope_entries for select to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid);
create policy laid on scope_entries for insert to netdelta_app
  with check (laid_by = 'site' and site_id = nullif(current_setting('app.site', true), '')::uuid);
create policy changed on scope_entries for update to netdelta_app
  using (laid_by = 'site' and site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (laid_by = 'site' and site_id = nullif(current_setting('app.site', true), '')::uuid);
create policy taken on scope_entries for delete to netdelta_app
  using (laid_by = 'site' and site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on scope_entries to netdelta_app;

-- A group that is being deleted: nothing scans or edits it, and its rows go in small steps.
alter table groups
  add column deleting_since timestamptz,
  add column rows_deleted bigint not null default 0;
-- A site that is deactivated: nobody enters, nothing scans. With deleting_since its rows go, in small steps.
alter table sites
  add column deactivated_at timestamptz,
  add column deleting_since timestamptz,
  add column rows_deleted bigint not null default 0,
  add constraint sites_deactivated_first check (deleting_since is null or deactivated_at is not null);

-- What a provider grants a site; set by platform administrators alone. `target_limit` holds for all groups together.
alter table sites
  add column group_limit integer not null default 1000 check (group_limit between 1 and 100000),
  -- Null: none. Further scans wait.
  add column running_scan_limit smallint check (running_scan_limit between 1 and 1000),
  add column import_limit smallint not null default 2 check (import_limit between 1 and 50);
create index scans_waiting on scans (site_id, created_at) where status = 'waiting';

-- How its dates are written (core/site/date-locales).
alter table sites add column date_locale text not null default 'en-GB';
-- A picture of a site; at most 256 kB, of a kind that no browser runs.
create table site_logos (
  site_id uuid primary key references sites on delete cascade,
  type text not null check (type in ('image/png', 'image/jpeg', 'image/webp')),
  image bytea not null check (length(image) between 1 and 262144),
  -- SHA-256, in hexadecimal: part of its address, so that browsers may keep it.
  digest text not null
);
alter table site_logos alter image set storage external;
alter table site_logos enable row level security;
create policy site on site_logos to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on site_logos to netdelta_app;

-- The overview of sites counts the red deltas of a week.
create index deltas_red_by_time on deltas (site_id, at) where rating = 'red';
