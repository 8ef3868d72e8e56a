-- Attempts to prove who one is that failed, or are under way: for each thing that they are counted by (an account at a
-- place, an account, an address …) a level that drains with time. Known by hashes, so that nobody's e-mail or address is kept here.
-- Of the instance, as people are: the application's role has nothing to do here.
create table attempts (
  -- SHA-256 of what is counted.
  subject bytea primary key,
  level double precision not null,
  last_at timestamptz not null default now(),
  locked_until timestamptz not null default '-infinity'
);
create index on attempts (last_at);

-- Where people have logged in from: who guesses elsewhere cannot lock them out there.
create table known_places (
  user_id text not null references users on delete cascade,
  -- SHA-256 of a network, or of the token in a browser's cookie.
  place bytea not null,
  last_at timestamptz not null default now(),
  primary key (user_id, place)
);
create index on known_places (last_at);

-- The turn that a site's newest shard has among those of all sites (core/schedule/take-turns).
alter table sites add column turn bigint not null default 0;
-- Among those of its own site, and which job holds it: a job is a site's turn, for whichever shard is next then.
alter table shards add column turn bigint not null default 0;
alter table shards add column job_scan_id uuid;
alter table shards add column job_number integer;
create index shards_waiting on shards (site_id, turn, scan_id, number) where status = 'queued';
create index shards_held on shards (site_id, job_scan_id, job_number) where status = 'running';

-- Texts that no open service has: retention notes them, and takes them a day later. Whoever keeps a text takes a noted one
-- for none and keeps another, so that none is taken that somebody has just found to be there.
alter table service_texts add column unused_since timestamptz;
create index service_texts_unused on service_texts (site_id, unused_since) where unused_since is not null;
create or replace function make_search_key() returns trigger language plpgsql set search_path from current as $$
begin
  new.search_key := service_search_key(new.service);
  insert into service_texts (site_id, key, text)
  select new.site_id, new.search_key, service_search(new.service)
  where new.search_key is not null and not exists (select from service_texts as t
    where t.site_id = new.site_id and t.key = new.search_key and t.unused_since is null);
  return new;
end $$;
