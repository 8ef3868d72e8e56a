-- Scans that others made, read from files.
alter table scans drop constraint scans_trigger_check;
alter table scans add constraint scans_trigger_check check (trigger in ('person', 'schedule', 'import'));
alter table scans
  add column file_name text,
  -- SHA-256 of what the file holds, decompressed: the same file changes nothing a second time.
  add column file_digest bytea;
create unique index scans_by_file on scans (site_id, group_id, file_digest) where file_digest is not null;

-- Bulk saving (docs/decisions/0019): checking a foreign key for each of the rows of a scan costs more than the rows
-- themselves. Intervals are only ever written with their hosts; they go with them by a trigger on whole statements.
alter table host_intervals drop constraint host_intervals_site_id_group_id_address_fkey;
alter table service_intervals drop constraint service_intervals_site_id_group_id_address_fkey;
alter table hosts drop constraint hosts_site_id_known_coverage_id_fkey;
create function end_with_hosts() returns trigger language plpgsql set search_path from current as $$
begin
  delete from service_intervals as i using gone
    where i.site_id = gone.site_id and i.group_id = gone.group_id and i.address = gone.address;
  delete from host_intervals as i using gone
    where i.site_id = gone.site_id and i.group_id = gone.group_id and i.address = gone.address;
  return null;
end $$;
create trigger end_with_hosts after delete on hosts referencing old table as gone
  for each statement execute function end_with_hosts();

-- One index instead of two: an endpoint has one open interval at most, as nulls are not distinct, and all of a host's
-- intervals lie together, the open ones last.
drop index service_intervals_now;
alter table service_intervals drop constraint service_intervals_pkey;
create unique index service_intervals_by_end
  on service_intervals (site_id, group_id, address, valid_to, protocol, port) nulls not distinct;

-- What is compressed already is not compressed again.
alter table shards alter sight set storage external;
alter table shards alter output set storage external;

-- Row-level security looks up the site once for each statement that stores rows, and not for each row of it.
do $$
declare name text;
begin
  foreach name in array array['hosts', 'host_intervals', 'service_intervals', 'deltas', 'shards'] loop
    execute format($policy$alter policy site on %I
      with check (site_id = (select nullif(current_setting('app.site', true), '')::uuid))$policy$, name);
  end loop;
end $$;
