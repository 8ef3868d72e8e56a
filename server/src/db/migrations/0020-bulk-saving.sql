-- Bulk saving (decision 19): texts of services are kept by whoever makes their keys, which the saving of scans does once
-- for each different service; a trigger on whole statements went through all rows for them.
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
  insert into group_tallies (site_id, group_id, status, hosts, services)
  select site_id, group_id, status, 0, sum(open) from (
    select c.site_id, c.group_id, c.open, (select h.status from hosts as h where h.site_id = c.site_id
      and h.group_id = c.group_id and h.address = c.address) as status
    from (select site_id, group_id, address, count(*) as open from new_rows where valid_to is null group by 1, 2, 3) as c
  ) as t where status is not null group by 1, 2, 3;
  return null;
end $$;
create or replace function note_services_changed() returns trigger language plpgsql
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
  return null;
end $$;
