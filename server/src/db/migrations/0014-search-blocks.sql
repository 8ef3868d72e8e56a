-- Hosts are searched by blocks (decision 29): what the hosts of 64 addresses in a row hold is indexed as one. A search
-- learns in which blocks its text may be, in the order of lists, and looks at the hosts of the first ones.
drop function search_hosts(text, uuid, smallint, integer, inet, uuid, integer);
drop function search_one_network(uuid, text, inet, uuid, integer);
drop index hosts_by_search;
drop function search_cells(uuid, uuid, inet);
drop function search_cell(uuid, text);
drop function search_network(inet, integer);

-- A block is known by its first address.
create function search_block(address inet) returns inet language sql immutable strict parallel safe
  return set_masklen(network(set_masklen(address, masklen(address) - 6))::inet, -1);
create function search_block_word(text text) returns text language sql immutable strict parallel safe as $$
  select translate(text, E'.-:_/\\\f', 'xxxxxx ')
$$;
-- A host as its block holds it: a sign for its place in the block, which belongs to no word, and what a search looks through.
create function search_block_line(address inet, search text) returns text language sql immutable strict parallel safe as $$
  select chr(10240 + (address - search_block(address))::integer) || search_block_word(search)
$$;
-- Each statement that stores hosts, or changes their texts, adds a row for each block; what a host holds is in at least one
-- row of its block, at any time and in every transaction's view. A row may hold more (of hosts that have changed, or gone).
-- The end of a scan folds them.
create table search_blocks (
  site_id uuid not null,
  group_id uuid not null,
  block inet not null,
  -- search_block_line of each host, with form feeds between.
  text text not null,
  foreign key (site_id, group_id) references groups on delete cascade
);
-- Beside the rows, which are read by the thousand: the text only of those that are looked at.
alter table search_blocks set (toast_tuple_target = 128);
alter table search_blocks alter text set storage external;
create function search_block_keys(site uuid, of_group uuid, text text) returns text[] language sql immutable parallel safe
  return array[site::text, of_group::text] || show_trgm(text);
insert into search_blocks (site_id, group_id, block, text)
  select site_id, group_id, search_block(address), string_agg(search_block_line(address, search), E'\f') from hosts group by 1, 2, 3;
create index search_blocks_by_block on search_blocks (site_id, group_id, block);
-- By trigrams as texts and not by gin_trgm_ops, which would read each block's text again.
create index search_blocks_by_key on search_blocks using gin (search_block_keys(site_id, group_id, text) collate "C");

create function note_hosts_added() returns trigger language plpgsql as $$
begin
  insert into search_blocks (site_id, group_id, block, text)
  select site_id, group_id, search_block(address), string_agg(search_block_line(address, search), E'\f') from new_rows group by 1, 2, 3;
  return null;
end $$;
create function note_hosts_changed() returns trigger language plpgsql set enable_nestloop = off as $$
begin
  insert into search_blocks (site_id, group_id, block, text)
  select site_id, group_id, search_block(address), string_agg(search_block_line(address, search), E'\f') from new_rows as n
  where not exists (select from old_rows as o where o.site_id = n.site_id and o.group_id = n.group_id
    and o.address = n.address and o.search = n.search)
  group by 1, 2, 3;
  return null;
end $$;
-- A block of which no host is left needs no row. Whoever adds one at this moment adds a row that is not seen here.
create function note_hosts_deleted() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  delete from search_blocks as b
  using (select distinct site_id, group_id, search_block(address) as block from old_rows) as gone
  where b.site_id = gone.site_id and b.group_id = gone.group_id and b.block = gone.block
    and not exists (select from hosts as h where h.site_id = gone.site_id and h.group_id = gone.group_id
      and h.address between gone.block and gone.block + 63);
  return null;
end $$;
create trigger note_added after insert on hosts referencing new table as new_rows
  for each statement execute function note_hosts_added();
create trigger note_changed after update on hosts referencing old table as old_rows new table as new_rows
  for each statement execute function note_hosts_changed();
create trigger note_deleted after delete on hosts referencing old table as old_rows
  for each statement execute function note_hosts_deleted();

alter table search_blocks enable row level security;
create policy site on search_blocks to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert, update, delete on search_blocks to netdelta_app;

-- The trigrams that a block with this text has: three letters or digits in a row, and where a word begins or ends within the
-- text, as pg_trgm pads it. Letters beyond ASCII are left out: whether they make words is up to the database's locale.
create function search_trigrams(part text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct substr(padded, at, 3)) filter (where substr(padded, at, 3) ~ '^[a-z0-9 ]{2}[a-z0-9 ]$'
      and substr(padded, at, 3) ~ '[a-z0-9]'), '{}')
  from (select regexp_replace(search_block_word(part), '[\x01-\x2f\x3a-\x60\x7b-\x7f]+', E' \n  ', 'g') as padded) as p
    cross join generate_series(1, length(padded) - 2) as at
$$;

-- Whether this status is told of a host (decision 28): NEW is UP once a later scan that covered it has ended.
create function is_told(asked smallint, site uuid, stored smallint, scan uuid) returns boolean language sql stable
  return asked = case when stored = 2 and not exists (
    select from scans as k where k.site_id = site and k.id = scan and k.new_until is null) then 3 else stored end;

-- Which hosts a page of a search is to hold. Of what is null nothing is asked.
create type host_search as (
  site uuid,
  part text,
  -- Of the services' texts that hold it.
  keys bigint[],
  -- Where it reads as addresses: of hosts' own texts these ranges alone, in order.
  firsts inet[],
  lasts inet[],
  of_group uuid,
  of_status smallint,
  at_port integer,
  most integer
);

-- What follows looks as the tables' owner, and is called by search_hosts and search_among alone, which say why and name the site. Its plans are
-- made once a connection.

-- The address of the n-th host of the list after this one; null: there are fewer.
create function search_ahead(q host_search, after_address inet, after_group uuid, n integer) returns inet
  language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  if q.of_group is null then
    return (select h.address from hosts as h where h.site_id = q.site and (h.address, h.group_id) > (after_address, after_group)
      order by h.address, h.group_id offset n - 1 limit 1);
  end if;
  return (select h.address from hosts as h where h.site_id = q.site and h.group_id = q.of_group
      and h.address >= after_address and (h.address, h.group_id) > (after_address, after_group)
    order by h.address offset n - 1 limit 1);
end $$;

-- The first hosts between two places of the list that hold the text themselves, or by a service if these are looked at.
create function search_between(q host_search, after_address inet, after_group uuid, to_address inet, with_services boolean)
  returns table (address inet, group_id uuid)
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query select h.address, h.group_id from (
    select a.* from hosts as a where q.of_group is null and a.site_id = q.site
      and (a.address, a.group_id) > (after_address, after_group) and a.address <= to_address
    union all
    select a.* from hosts as a where a.site_id = q.site and a.group_id = q.of_group
      and a.address >= after_address and (a.address, a.group_id) > (after_address, after_group) and a.address <= to_address
  ) as h
  where (q.of_status is null
      or case h.status when 2 then q.of_status in (2, 3) and is_told(q.of_status, q.site, 2::smallint, h.last_scan_id) else h.status = q.of_status end)
    -- In this order: a look at the services costs the most.
    and case when case when q.firsts is null then position(q.part in h.search) > 0
        else exists (select from unnest(q.firsts, q.lasts) as r (first, last) where h.address between r.first and r.last) end
      or with_services and exists (select from service_intervals as s where s.site_id = q.site and s.group_id = h.group_id
        and s.address = h.address and s.valid_to is null and case when cardinality(q.keys) <= 300
          then s.search_key = any(q.keys) else position(q.part in service_search(s.service)) > 0 end offset 0)
      then q.at_port is null or exists (select from service_intervals as s where s.site_id = q.site and s.group_id = h.group_id
        and s.address = h.address and s.port = q.at_port and s.valid_to is null offset 0)
      else false end
  order by h.address, h.group_id limit q.most;
end $$;

-- The first hosts after a place of which a service holds the text, at most as many of each of the services' texts.
create function search_each_key(q host_search, after_address inet, after_group uuid, to_address inet, to_group uuid, each integer)
  returns table (address inet, group_id uuid)
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query select distinct p.address, p.group_id from unnest(q.keys) as k (key) cross join lateral (
    select o.address, o.group_id from service_intervals as o
    where o.site_id = q.site and o.search_key = k.key and o.valid_to is null
      and (o.address, o.group_id) > (after_address, after_group) and (o.address, o.group_id) <= (to_address, to_group)
      and (q.of_group is null or o.group_id = q.of_group)
      and (q.of_status is null or exists (select from hosts as h where h.site_id = q.site and h.group_id = o.group_id
        and h.address = o.address
        and case h.status when 2 then q.of_status in (2, 3) and is_told(q.of_status, q.site, 2::smallint, h.last_scan_id) else h.status = q.of_status end offset 0))
      and (q.at_port is null or exists (select from service_intervals as s where s.site_id = q.site
        and s.group_id = o.group_id and s.address = o.address and s.port = q.at_port and s.valid_to is null offset 0))
    group by o.address, o.group_id order by o.address, o.group_id limit each) as p
  order by p.address, p.group_id limit q.most;
end $$;

-- The first hosts after a place, and up to another, of which a service holds the text. Of many texts a few hosts of each
-- suffice to learn how far the page can reach; then each is asked only up to there.
create function search_services(q host_search, after_address inet, after_group uuid, to_address inet)
  returns table (address inet, group_id uuid) language plpgsql stable as $$
#variable_conflict use_column
declare
  to_group uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  each constant integer := greatest(2, q.most / greatest(1, cardinality(q.keys)) * 2);
  last record;
begin
  if each < q.most then
    select f.address, f.group_id into last from search_each_key(q, after_address, after_group, to_address, to_group, each) as f
      offset q.most - 1;
    if found then
      to_address := last.address;
      to_group := last.group_id;
    end if;
  end if;
  return query select f.address, f.group_id
    from search_each_key(q, after_address, after_group, to_address, to_group, q.most) as f;
end $$;

-- The first hosts after a place, and up to another, that hold the text themselves: by the index of blocks.
create function search_in_blocks(q host_search, after_address inet, after_group uuid, to_address inet)
  returns table (address inet, group_id uuid)
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
  word constant text := search_block_word(q.part);
  keys constant text[] := array[q.site::text] || case when q.of_group is null then '{}' else array[q.of_group::text] end
    || search_trigrams(q.part);
  blocks inet[];
  groups uuid[];
  first integer := 1;
  last integer;
  size integer := 16;
  total integer := 0;
  given integer;
begin
  select array_agg(f.block), array_agg(f.group_id) into blocks, groups from (
    select distinct b.block, b.group_id from search_blocks as b
    where search_block_keys(b.site_id, b.group_id, b.text) collate "C" @> keys and b.site_id is not distinct from q.site
      and b.block >= search_block(after_address) and b.block <= to_address
    order by b.block, b.group_id) as f;
  while first <= cardinality(blocks) and total < q.most loop
    last := least(first + size - 1, cardinality(blocks));
    -- Groups that share a block are looked at together.
    while blocks[last + 1] = blocks[last] loop
      last := last + 1;
    end loop;
    return query select h.address, h.group_id from (
        select distinct c.block + l.place as address, c.group_id
        from unnest(blocks[first:last], groups[first:last]) as c (block, group_id) cross join lateral (
          select ascii(line) - 10240 as place from search_blocks as b cross join lateral string_to_table(b.text, E'\f') as line
          where b.site_id = q.site and b.group_id = c.group_id and b.block = c.block and position(word in b.text) > 0
            and position(word in line) > 0 offset 0) as l) as c
      cross join lateral (select a.address, a.group_id from hosts as a
        where a.site_id = q.site and a.group_id = c.group_id and a.address = c.address
          and position(q.part in a.search) > 0
          and (q.of_status is null
            or case a.status when 2 then q.of_status in (2, 3) and is_told(q.of_status, q.site, 2::smallint, a.last_scan_id) else a.status = q.of_status end) offset 0) as h
      where (h.address, h.group_id) > (after_address, after_group) and h.address <= to_address
        and (q.at_port is null or exists (select from service_intervals as s where s.site_id = q.site
          and s.group_id = h.group_id and s.address = h.address and s.port = q.at_port and s.valid_to is null offset 0))
      order by h.address, h.group_id limit q.most - total;
    get diagnostics given = row_count;
    total := total + given;
    first := last + 1;
    -- As many as probably suffice, with some to spare.
    size := case when total = 0 then 2 * last else least(8 + 1.25 * last * (q.most - total) / total, 2000) end;
  end loop;
end $$;

-- The first hosts after a place, and up to another, that hold the text themselves. So many hosts are walked, and on while what
-- was found promises a page; what is too rare for that is in the index of blocks.
create function search_own(q host_search, after_address inet, after_group uuid, to_address inet)
  returns table (address inet, group_id uuid) language plpgsql stable as $$
#variable_conflict use_column
declare
  step integer := 300;
  walked_most constant integer := 3000;
  walked integer := 0;
  place inet;
  total integer := 0;
  given integer;
begin
  if q.firsts is not null then
    for n in 1 .. cardinality(q.firsts) loop
      -- The walk goes on behind a place.
      return query select f.address, f.group_id from search_between(q, greatest(after_address, q.firsts[n]),
        case when q.firsts[n] > after_address then '00000000-0000-0000-0000-000000000000' else after_group end,
        least(to_address, q.lasts[n]), false) as f limit q.most - total;
      get diagnostics given = row_count;
      total := total + given;
      exit when total >= q.most;
    end loop;
    return;
  end if;
  loop
    place := search_ahead(q, after_address, after_group, step);
    return query select f.address, f.group_id
      from search_between(q, after_address, after_group, least(place, to_address), false) as f limit q.most - total;
    get diagnostics given = row_count;
    total := total + given;
    if total >= q.most or place is null or place >= to_address then return; end if;
    walked := walked + step;
    after_address := place;
    after_group := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    exit when total = 0 or 1.0 * walked * q.most / total > walked_most;
    step := 1 + 1.5 * walked * (q.most - total) / total;
  end loop;
  q.most := q.most - total;
  return query select f.address, f.group_id from search_in_blocks(q, after_address, after_group, to_address) as f;
end $$;

-- Row-level security keeps LIKE and the like from an index, for they might tell of rows of others before these are left out.
-- So this function, search_among and search_service_texts look as the tables' owner, and name the site themselves.
-- The hosts of a page, in the order of lists. Where services hold the text, some hosts are walked first, for a frequent
-- text is found among them; then each index is asked in its own order, and the answers are merged.
create function search_hosts(part text, firsts inet[], lasts inet[], of_group uuid, of_status smallint, at_port integer,
    after_address inet, after_group uuid, most integer)
  returns table (address inet, group_id uuid)
  language plpgsql stable security definer set search_path from current set jit = off as $$
#variable_conflict use_column
declare
  q host_search;
  most_keys constant integer := 300;
  last_address inet := 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  last_group constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  step integer := 80;
  walked_most integer;
  walked integer := 0;
  place inet;
  to_address inet := last_address;
  addresses inet[];
  groups uuid[];
  total integer := 0;
  given integer;
begin
  q.site := nullif(current_setting('app.site', true), '')::uuid;
  q.part := part; q.firsts := firsts; q.lasts := lasts;
  q.of_group := of_group; q.of_status := of_status; q.at_port := at_port; q.most := most;
  -- More are not needed while hosts are walked.
  q.keys := array(select search_service_texts(part, most_keys + 1));
  after_address := coalesce(after_address, '0.0.0.0');
  after_group := coalesce(after_group, '00000000-0000-0000-0000-000000000000');
  if of_group is not null then
    last_address := (select max(h.address) from hosts as h where h.site_id = q.site and h.group_id = of_group);
    place := (select min(h.address) from hosts as h where h.site_id = q.site and h.group_id = of_group);
    if place > after_address then
      after_address := place;
      after_group := '00000000-0000-0000-0000-000000000000';
    end if;
  end if;
  if cardinality(q.keys) = 0 then
    return query select f.address, f.group_id from search_own(q, after_address, after_group, last_address) as f;
    return;
  end if;
  -- The fewer texts, the cheaper is it to ask for each.
  walked_most := case when cardinality(q.keys) > most_keys then 1500 else 100 + 2 * cardinality(q.keys) end;
  loop
    place := search_ahead(q, after_address, after_group, step);
    return query select f.address, f.group_id
      from search_between(q, after_address, after_group, coalesce(place, last_address), true) as f limit most - total;
    get diagnostics given = row_count;
    total := total + given;
    if total >= most or place is null then return; end if;
    walked := walked + step;
    after_address := place;
    after_group := last_group;
    exit when total = 0 or 1.0 * walked * most / total > walked_most;
    step := 1 + 1.5 * walked * (most - total) / total;
  end loop;
  if cardinality(q.keys) > most_keys then q.keys := array(select search_service_texts(part, 2147483647)); end if;
  q.most := most - total;
  select array_agg(f.address), array_agg(f.group_id) into addresses, groups
    from search_services(q, after_address, after_group, last_address) as f;
  if cardinality(addresses) >= q.most then to_address := addresses[q.most]; end if;
  return query select f.address, f.group_id from (
      select s.address, s.group_id from unnest(addresses, groups) as s (address, group_id)
      union select o.address, o.group_id from search_own(q, after_address, after_group, to_address) as o) as f
    order by f.address, f.group_id limit q.most;
end $$;

-- Those of some hosts that hold the text, looked at one by one, in order.
create function search_each_host(q host_search, addresses inet[], groups uuid[])
  returns table (address inet, group_id uuid)
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query select a.address, a.group_id from unnest(addresses, groups) with ordinality as a (address, group_id, place)
    cross join lateral (select h.search from hosts as h
      where h.site_id = q.site and h.group_id = a.group_id and h.address = a.address offset 0) as h
  where case when case when q.firsts is null then position(q.part in h.search) > 0
        else exists (select from unnest(q.firsts, q.lasts) as r (first, last) where a.address between r.first and r.last) end
      or exists (select from service_intervals as s where s.site_id = q.site and s.group_id = a.group_id
        and s.address = a.address and s.valid_to is null and case when cardinality(q.keys) <= 300
          then s.search_key = any(q.keys) else position(q.part in service_search(s.service)) > 0 end offset 0)
      then q.at_port is null or exists (select from service_intervals as s where s.site_id = q.site and s.group_id = a.group_id
        and s.address = a.address and s.port = q.at_port and s.valid_to is null offset 0)
      else false end
  order by a.place limit q.most;
end $$;

-- The same of very many hosts, by what the indexes of texts know: little of the hosts themselves is read.
create function search_listed(q host_search, addresses inet[], groups uuid[])
  returns table (address inet, group_id uuid)
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off as $$
#variable_conflict use_column
declare
  keys constant text[] := array[q.site::text] || search_trigrams(q.part);
  last constant inet := addresses[cardinality(addresses)];
begin
  return query with a as materialized (
    select a.address, a.group_id, search_block(a.address) as block from unnest(addresses, groups) as a (address, group_id)
  ), found as (
    select a.address, a.group_id from a where exists (
      select from unnest(q.firsts, q.lasts) as r (first, last) where a.address between r.first and r.last)
    union select a.address, a.group_id from a join (
      select distinct b.group_id, b.block from search_blocks as b
      where q.firsts is null and search_block_keys(b.site_id, b.group_id, b.text) collate "C" @> keys
        and b.site_id is not distinct from q.site) as b using (group_id, block)
      cross join lateral (select from hosts as h where h.site_id = q.site and h.group_id = a.group_id
        and h.address = a.address and position(q.part in h.search) > 0 offset 0) as h
    union select a.address, a.group_id from unnest(q.keys) as k (key) cross join lateral (
      select s.address, s.group_id from service_intervals as s where s.site_id = q.site and s.search_key = k.key
        and s.valid_to is null and s.address between addresses[1] and last offset 0) as s join a using (address, group_id)
  )
  select f.address, f.group_id from found as f
  where q.at_port is null or exists (select from service_intervals as s where s.site_id = q.site and s.group_id = f.group_id
    and s.address = f.address and s.port = q.at_port and s.valid_to is null offset 0)
  order by f.address, f.group_id limit q.most;
end $$;

-- Those of some hosts that hold the text; the hosts are given, and answered, in the order of lists. As search_hosts.
create function search_among(part text, firsts inet[], lasts inet[], at_port integer, addresses inet[], groups uuid[], most integer)
  returns table (address inet, group_id uuid)
  language plpgsql stable security definer set search_path from current set jit = off as $$
#variable_conflict use_column
declare
  q host_search;
  last integer := 100;
  first integer;
  total integer;
  given integer;
begin
  q.site := nullif(current_setting('app.site', true), '')::uuid;
  q.part := part; q.firsts := firsts; q.lasts := lasts; q.at_port := at_port; q.most := most;
  q.keys := array(select search_service_texts(part, 301));
  return query select f.address, f.group_id from search_each_host(q, addresses[1:last], groups[1:last]) as f;
  get diagnostics total = row_count;
  while total < most and last < cardinality(addresses) loop
    first := last + 1;
    -- As many as probably suffice, with some to spare.
    last := case when total = 0 then cardinality(addresses)
      else least(cardinality(addresses), last + 50 + 1.5 * last * (most - total) / total) end;
    q.most := most - total;
    -- With services to be looked at, each host costs more.
    if last - first < (case when cardinality(q.keys) = 0 then 1000 else 400 end) then
      return query select f.address, f.group_id from search_each_host(q, addresses[first:last], groups[first:last]) as f;
    else
      if cardinality(q.keys) > 300 then q.keys := array(select search_service_texts(part, 2147483647)); end if;
      return query select f.address, f.group_id from search_listed(q, addresses[first:last], groups[first:last]) as f;
    end if;
    get diagnostics given = row_count;
    total := total + given;
  end loop;
end $$;

alter function search_service_texts(text, integer) set plan_cache_mode = force_generic_plan;

-- What works with the rights of the tables' owner is for the application's role alone, and nobody's temporary tables
-- stand before its own.
do $$
declare signature text;
begin
  foreach signature in array array['search_hosts(text, inet[], inet[], uuid, smallint, integer, inet, uuid, integer)',
    'search_among(text, inet[], inet[], integer, inet[], uuid[], integer)']
  loop
    execute format('alter function %s set search_path = %I, pg_temp', signature, current_schema());
    execute format('revoke execute on function %s from public', signature);
    execute format('grant execute on function %s to netdelta_app', signature);
  end loop;
end $$;
