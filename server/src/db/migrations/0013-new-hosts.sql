-- NEW becomes UP without a row of any host being written (decision 28): a host that is stored as NEW is NEW until a later
-- scan that covered it has ended. That is kept with the scan that hosts.last_scan_id and host_intervals.scan_id name.
alter table scans
  -- Until when its NEW hosts were NEW, and by which scan they are UP since; null: they still are.
  add new_until timestamptz,
  add new_until_scan_id uuid,
  -- Hosts that were NEW before this scan, that it covered, and of which it concluded nothing: they stay it.
  add still_new address_set;
-- Every host that is NEW, by its scan, in the order of lists; and those that are UP without having been written.
create index hosts_new on hosts (site_id, last_scan_id, address) where status = 2;
-- Until now NEW ended with its interval. What is to come is told from the scans that still have such hosts.
update scans as s set new_until = now()
where s.finished_at is not null and not exists (
  select from hosts as h where h.site_id = s.site_id and h.last_scan_id = s.id and h.status = 2);
create index scans_with_new on scans (site_id, group_id) where new_until is null;

-- Up unchanged for the longest: a host need not have been written since it was NEW.
drop index hosts_steady;
create index hosts_steady on hosts (site_id, group_id, status_since) where status in (2, 3) and contacts <> '{}';

-- Which scan's NEW hosts a tally counts: so they count as UP from its new_until on, whoever writes at that moment.
alter table group_tallies add scan_id uuid;
delete from group_tallies where status = 2;
insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select h.site_id, h.group_id, 2, h.last_scan_id, count(*), sum((
    select count(*) from service_intervals as s where s.site_id = h.site_id and s.group_id = h.group_id
      and s.address = h.address and s.valid_to is null))
  from hosts as h where h.status = 2 group by 1, 2, 4;

create or replace function tally_hosts_added() returns trigger language plpgsql as $$
begin
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select site_id, group_id, status, case status when 2 then last_scan_id end, count(*), 0 from new_rows group by 1, 2, 3, 4;
  return null;
end $$;
create or replace function tally_hosts_changed() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  with changed as (
    select site_id, group_id, address, o.status as before, n.status as after,
      case o.status when 2 then o.last_scan_id end as scan_before, case n.status when 2 then n.last_scan_id end as scan_after
    from old_rows as o join new_rows as n using (site_id, group_id, address)
    where o.status <> n.status or o.status = 2 and o.last_scan_id is distinct from n.last_scan_id
  ), counted as materialized (
    select c.*, (select count(*) from service_intervals as s where s.site_id = c.site_id and s.group_id = c.group_id
      and s.address = c.address and s.valid_to is null) as open
    from changed as c
  )
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select site_id, group_id, before, scan_before, -count(*), -sum(open) from counted group by 1, 2, 3, 4 union all
  select site_id, group_id, after, scan_after, count(*), sum(open) from counted group by 1, 2, 3, 4;
  return null;
end $$;
create or replace function tally_host_deleted() returns trigger language plpgsql as $$
begin
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select old.site_id, old.group_id, old.status, case old.status when 2 then old.last_scan_id end, -1, -(
    select count(*) from service_intervals as s where s.site_id = old.site_id and s.group_id = old.group_id
      and s.address = old.address and s.valid_to is null)
  -- A group that is deleted takes its tallies along.
  where exists (select from groups as g where g.site_id = old.site_id and g.id = old.group_id);
  return old;
end $$;

-- Texts of services are kept by whoever makes their keys (decision 19), which the saving of scans does once for each
-- different service; a trigger on whole statements went through all rows for them.
create or replace function make_search_key() returns trigger language plpgsql set search_path from current as $$
begin
  new.search_key := service_search_key(new.service);
  insert into service_texts (site_id, key, text)
  select new.site_id, new.search_key, service_search(new.service)
  where new.search_key is not null and not exists (
    select from service_texts as t where t.site_id = new.site_id and t.key = new.search_key);
  return new;
end $$;
create or replace function note_services_added() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select c.site_id, c.group_id, h.status, case h.status when 2 then h.last_scan_id end, 0, sum(c.open)
  from (select site_id, group_id, address, count(*) as open from new_rows where valid_to is null group by 1, 2, 3) as c
  cross join lateral (select h.status, h.last_scan_id from hosts as h where h.site_id = c.site_id
    and h.group_id = c.group_id and h.address = c.address offset 0) as h
  group by 1, 2, 3, 4;
  return null;
end $$;
create or replace function note_services_changed() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select c.site_id, c.group_id, h.status, case h.status when 2 then h.last_scan_id end, 0, sum(c.open)
  from (select site_id, group_id, address, sum(open) as open from (
      select site_id, group_id, address, 1 as open from new_rows where valid_to is null union all
      select site_id, group_id, address, -1 from old_rows where valid_to is null) as rows
    group by 1, 2, 3 having sum(open) <> 0) as c
  cross join lateral (select h.status, h.last_scan_id from hosts as h where h.site_id = c.site_id
    and h.group_id = c.group_id and h.address = c.address offset 0) as h
  group by 1, 2, 3, 4;
  return null;
end $$;
create or replace function note_services_deleted() returns trigger language plpgsql
  set enable_seqscan = off as $$
begin
  insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
  select c.site_id, c.group_id, h.status, case h.status when 2 then h.last_scan_id end, 0, -sum(c.open)
  from (select site_id, group_id, address, count(*) as open from old_rows where valid_to is null group by 1, 2, 3) as c
  cross join lateral (select h.status, h.last_scan_id from hosts as h where h.site_id = c.site_id
    and h.group_id = c.group_id and h.address = c.address offset 0) as h
  group by 1, 2, 3, 4;
  return null;
end $$;
