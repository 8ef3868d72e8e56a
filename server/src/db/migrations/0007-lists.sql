-- Lists and searches that stay fast at a million hosts (decision 21).
do $$
begin
  create extension if not exists pg_trgm;
exception when others then
  raise exception 'the extension pg_trgm cannot be made (%). Install the contrib package of this Postgres; then let its administrator run "create extension pg_trgm" in this database', sqlerrm;
end $$;

-- What of a host a search looks through, a line each; array_to_string is only called stable because
-- of types other than text.
create function host_search(address inet, target_name text, names text[], mac text, mac_vendor text, os text)
  returns text language sql immutable parallel safe as $$
  select lower(left(concat_ws(E'\n', host(address), target_name, array_to_string(names, E'\n'), mac, mac_vendor, os), 2000))
$$;
-- pg_trgm sees words of letters and digits alone: as one long word, an address is found by its parts.
create function search_word(text text) returns text language sql immutable strict parallel safe as $$
  select translate(text, '.-:_/\', 'xxxxxx')
$$;
alter table hosts add search text generated always as (host_search(address, target_name, names, mac, mac_vendor, os)) stored;
-- Networks that a search takes whole or divides: the site (level 0), /12, /16, /20, /24; of IPv6 /32, /48, /56, /64.
create function search_network(address inet, level integer) returns inet language sql immutable parallel safe
  return case level when 0 then null
    else network(set_masklen(address, case family(address) when 4 then 8 + 4 * level else (array[32, 48, 56, 64])[level] end)) end;
-- A network ('': all) or a group of a site, as a key of the index; whoever looks by it checks for collisions.
create function search_cell(site uuid, part text) returns bigint language sql immutable parallel safe
  return hashtextextended(site::text || part, 0);
create function search_cells(site uuid, of_group uuid, address inet) returns bigint[] language sql immutable parallel safe
  return array[search_cell(site, ''), search_cell(site, of_group::text), search_cell(site, search_network(address, 1)::text),
    search_cell(site, search_network(address, 2)::text), search_cell(site, search_network(address, 3)::text),
    search_cell(site, search_network(address, 4)::text)];
create index hosts_by_search on hosts using gin (search_cells(site_id, group_id, address), search_word(search) gin_trgm_ops);

-- Services have few different texts: a search finds the texts, and by their keys the services.
create function service_search(service jsonb) returns text language sql immutable parallel safe as $$
  select lower(left(coalesce(service ->> 'name' || ' ', '') || coalesce(service ->> 'product' || ' ', '')
    || coalesce(service ->> 'version', ''), 300))
$$;
create function service_search_key(service jsonb) returns bigint language sql immutable parallel safe as $$
  select hashtextextended(service_search(service), 0)
$$;
-- Not generated for good: who stores many rows of few different services gives the key, made once for each of these.
-- Whoever gives none has it made here.
alter table service_intervals add search_key bigint generated always as (service_search_key(service)) stored;
alter table service_intervals alter search_key drop expression;
create function make_search_key() returns trigger language plpgsql set search_path from current as $$
begin
  new.search_key := service_search_key(new.service);
  return new;
end $$;
create trigger key_added before insert on service_intervals
  for each row when (new.search_key is null) execute function make_search_key();
create trigger key_changed before update of service on service_intervals
  for each row when (new.service is distinct from old.service) execute function make_search_key();
create index service_intervals_by_search on service_intervals (site_id, search_key, address, group_id)
  where valid_to is null and search_key is not null;
-- Unique it is not: whoever stores a text must not wait for another who does the same. Twice is harmless.
create table service_texts (
  site_id uuid not null references sites on delete cascade,
  key bigint not null,
  text text not null
);
create index service_texts_by_key on service_texts (site_id, key);
create index service_texts_by_text on service_texts using gin (search_word(text) gin_trgm_ops);

-- How many hosts of a status a group has, and how many open services these: what was added or taken,
-- row by row; their sum is the figure. Rows are only ever added, so nobody waits for anybody; the end
-- of a scan folds them.
create table group_tallies (
  site_id uuid not null,
  group_id uuid not null,
  status smallint not null,
  hosts integer not null,
  services integer not null,
  foreign key (site_id, group_id) references groups on delete cascade
);
create index group_tallies_by_group on group_tallies (site_id, group_id);

insert into service_texts (site_id, key, text)
  select distinct on (site_id, search_key) site_id, search_key, service_search(service)
  from service_intervals where search_key is not null;
insert into group_tallies (site_id, group_id, status, hosts, services)
  select h.site_id, h.group_id, h.status, count(*), coalesce(sum(s.open), 0)
  from hosts as h left join (
    select site_id, group_id, address, count(*) as open from service_intervals where valid_to is null group by 1, 2, 3
  ) as s using (site_id, group_id, address)
  group by 1, 2, 3;

-- Those that read other tables do so row by row and by index, whatever the planner thinks: a plan made for tables that
-- are empty yet is kept while an import fills them, in one transaction.
create function tally_hosts_added() returns trigger language plpgsql as $$
begin
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, status, count(*), 0 from new_rows group by 1, 2, 3;
  return null;
end $$;
create function tally_hosts_changed() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  with changed as (
    select site_id, group_id, address, o.status as before, n.status as after
    from old_rows as o join new_rows as n using (site_id, group_id, address) where o.status <> n.status
  ), counted as materialized (
    select c.*, (select count(*) from service_intervals as s where s.site_id = c.site_id and s.group_id = c.group_id
      and s.address = c.address and s.valid_to is null) as open
    from changed as c
  )
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, before, -count(*), -sum(open) from counted group by 1, 2, 3 union all
  select site_id, group_id, after, count(*), sum(open) from counted group by 1, 2, 3;
  return null;
end $$;
-- Before, and each by itself: its services go with it, and then nobody knows its status any more.
create function tally_host_deleted() returns trigger language plpgsql as $$
begin
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select old.site_id, old.group_id, old.status, -1, -(
    select count(*) from service_intervals as s where s.site_id = old.site_id and s.group_id = old.group_id
      and s.address = old.address and s.valid_to is null)
  -- A group that is deleted takes its tallies along.
  where exists (select from groups as g where g.site_id = old.site_id and g.id = old.group_id);
  return old;
end $$;
create trigger tally_added after insert on hosts referencing new table as new_rows
  for each statement execute function tally_hosts_added();
create trigger tally_changed after update on hosts referencing old table as old_rows new table as new_rows
  for each statement execute function tally_hosts_changed();
create trigger tally_deleted before delete on hosts for each row execute function tally_host_deleted();

create function note_services_added() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, status, 0, sum(open) from (
    select c.site_id, c.group_id, c.open, (select h.status from hosts as h where h.site_id = c.site_id
      and h.group_id = c.group_id and h.address = c.address) as status
    from (select site_id, group_id, address, count(*) as open from new_rows where valid_to is null group by 1, 2, 3) as c
  ) as t where status is not null group by 1, 2, 3;
  with asked as (select distinct site_id, search_key from new_rows where search_key is not null),
    unknown as (select a.* from asked as a where not exists (
      select from service_texts as t where t.site_id = a.site_id and t.key = a.search_key))
  insert into service_texts (site_id, key, text)
  select distinct on (site_id, search_key) site_id, search_key, service_search(service)
  from unknown join new_rows using (site_id, search_key);
  return null;
end $$;
create function note_services_changed() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, status, 0, sum(open) from (
    select c.site_id, c.group_id, c.open, (select h.status from hosts as h where h.site_id = c.site_id
      and h.group_id = c.group_id and h.address = c.address) as status
    from (select site_id, group_id, address, sum(open) as open from (
      select site_id, group_id, address, 1 as open from new_rows where valid_to is null union all
      select site_id, group_id, address, -1 from old_rows where valid_to is null) as rows
    group by 1, 2, 3 having sum(open) <> 0) as c
  ) as t where status is not null group by 1, 2, 3;
  with asked as (select distinct site_id, search_key from new_rows where search_key is not null),
    unknown as (select a.* from asked as a where not exists (
      select from service_texts as t where t.site_id = a.site_id and t.key = a.search_key))
  insert into service_texts (site_id, key, text)
  select distinct on (site_id, search_key) site_id, search_key, service_search(service)
  from unknown join new_rows using (site_id, search_key);
  return null;
end $$;
-- Services that go with their host find none here: that was tallied before.
create function note_services_deleted() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, status, 0, -sum(open) from (
    select c.site_id, c.group_id, c.open, (select h.status from hosts as h where h.site_id = c.site_id
      and h.group_id = c.group_id and h.address = c.address) as status
    from (select site_id, group_id, address, count(*) as open from old_rows where valid_to is null group by 1, 2, 3) as c
  ) as t where status is not null group by 1, 2, 3;
  return null;
end $$;
create trigger note_added after insert on service_intervals referencing new table as new_rows
  for each statement execute function note_services_added();
create trigger note_changed after update on service_intervals referencing old table as old_rows new table as new_rows
  for each statement execute function note_services_changed();
create trigger note_deleted after delete on service_intervals referencing old table as old_rows
  for each statement execute function note_services_deleted();

do $$
declare name text;
begin
  foreach name in array array['service_texts', 'group_tallies'] loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$create policy site on %I to netdelta_app
      using (site_id = nullif(current_setting('app.site', true), '')::uuid)
      with check (site_id = nullif(current_setting('app.site', true), '')::uuid)$policy$, name);
    execute format('grant select, insert, update, delete on %I to netdelta_app', name);
  end loop;
end $$;

-- Row-level security keeps a search from its index, for LIKE might tell of rows of others before
-- they are left out. So these two look as the tables' owner, and name the site themselves: not by
-- "=", which would tempt the planner to walk all of the site.
create function search_service_texts(part text, most integer) returns setof bigint
  language plpgsql stable security definer set search_path from current
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
  return query select t.key from service_texts as t
    where t.site_id is not distinct from nullif(current_setting('app.site', true), '')::uuid
      and search_word(t.text) like '%' || search_word(part) || '%' and position(part in t.text) > 0
    limit most;
end $$;
-- Some of the hosts of a network (null: of the site) that have a text, by the index of texts and no other: whatever the
-- planner reckons, it shall not walk all hosts.
create function search_one_network(site uuid, part text, cell inet, of_group uuid, most integer)
  returns table (address inet, group_id uuid, status smallint)
  language plpgsql stable set search_path from current set plan_cache_mode = force_custom_plan
  set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off set jit = off as $$
#variable_conflict use_column
declare
  pattern constant text := '%' || search_word(part) || '%';
  keys constant bigint[] := search_cell(site, coalesce(cell::text, ''))
    || case when of_group is null then '{}' else array[search_cell(site, of_group::text)] end;
begin
  -- Materialized, and so planned for all of them.
  return query with h as materialized (
    select found.address, found.group_id, found.status from hosts as found
    where search_cells(found.site_id, found.group_id, found.address) @> keys
      and search_word(found.search) like pattern and position(part in found.search) > 0
      and found.site_id is not distinct from site and (cell is null or found.address <<= cell)
      and (of_group is null or found.group_id = of_group)
  ) select h.address, h.group_id, h.status from h limit most;
end $$;
-- In the order of lists; conditions that are null are none. From network to network: with few matches it is taken whole,
-- else divided, so that frequent texts are never collected and sorted as a whole.
create function search_hosts(part text, of_group uuid, of_status smallint, at_port integer,
    after_address inet, after_group uuid, most integer)
  returns table (address inet, group_id uuid)
  language plpgsql stable security definer set search_path from current
  set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
  site constant uuid := nullif(current_setting('app.site', true), '')::uuid;
  few constant integer := 200;
  finest constant integer := 4;
  level integer := 0;
  place inet;
  cell inet;
  addresses inet[];
  groups uuid[];
  statuses smallint[];
  total integer := 0;
  given integer;
begin
  loop
    cell := search_network(place, level);
    select array_agg(f.address), array_agg(f.group_id), array_agg(f.status) into addresses, groups, statuses
      from search_one_network(site, part, cell, of_group, case when level < finest then few end) as f;
    if level < finest and cardinality(addresses) = few then
      -- There may be more: the network is divided.
      if level = 0 then
        place := (select h.address from hosts as h
          where h.site_id = site and h.address >= coalesce(after_address, '0.0.0.0') order by h.address limit 1);
        exit when place is null;
      end if;
      level := level + 1;
    else
      return query select h.address, h.group_id from unnest(addresses, groups, statuses) as h (address, group_id, status)
        where (of_status is null or h.status = of_status)
          and (after_address is null or (h.address, h.group_id) > (after_address, after_group))
          and (at_port is null or exists (select from service_intervals as s where s.site_id = site
            and s.group_id = h.group_id and s.address = h.address and s.port = at_port and s.valid_to is null offset 0))
        order by h.address, h.group_id limit most - total;
      get diagnostics given = row_count;
      total := total + given;
      exit when level = 0 or total >= most;
      place := (select h.address from hosts as h
        where h.site_id = site and h.address > set_masklen(broadcast(cell), -1) order by h.address limit 1);
      exit when place is null;
      -- Up to the network that has not been divided yet.
      while level > 1 and not place <<= search_network(cell, level - 1) loop
        level := level - 1;
      end loop;
    end if;
  end loop;
end $$;

-- What works with the rights of the tables' owner is for the application's role alone, and nobody's temporary tables
-- stand before its own.
do $$
declare name text;
begin
  foreach name in array array['search_service_texts(text, integer)',
    'search_hosts(text, uuid, smallint, integer, inet, uuid, integer)']
  loop
    execute format('alter function %s set search_path = %I, pg_temp', name, current_schema());
    execute format('revoke execute on function %s from public', name);
    execute format('grant execute on function %s to netdelta_app', name);
  end loop;
end $$;

-- Only what can be asked is a sentinel: whoever looks for four must not pass all others.
drop index hosts_steady;
create index hosts_steady on hosts (site_id, group_id, status_since) where status = 3 and contacts <> '{}';

create index deltas_by_kind on deltas (site_id, kind, id desc);
