-- Scans that others made, read from files.
alter table scans drop constraint scans_trigger_check;
alter table scans add constraint scans_trigger_check check (trigger in ('person', 'schedule', 'import'));
alter table scans
  add column file_name text,
  -- SHA-256 of what the file holds, decompressed: the same file changes nothing a second time.
  add column file_digest bytea;
create unique index scans_by_file on scans (site_id, group_id, file_digest) where file_digest is not null;
