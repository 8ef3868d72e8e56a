-- How likely each delta is real (core/evidence/rating). Written once, when its scan ends; null for
-- edits of targets, and for what was found before.
alter table deltas
  add column rating text check (rating in ('red', 'amber', 'green')),
  -- The numbers and reasons behind it (core/evidence Rated).
  add column rated jsonb;
create index deltas_by_rating on deltas (site_id, rating, id desc) where rating is not null;

alter table sites
  -- How many scans of a group a rating looks back; below 3 it does not.
  add column history_window smallint not null default 35 check (history_window between 0 and 100),
  -- A port list in nmap's form, of TCP and UDP alike. The default: DANGER_SERVICES of core.
  add column danger_ports text not null default '21-23,69,111,135,139,161,389,445,512-514,623,873,1433,1521,2049,2375,2379,3306,3389,5432,5900-5903,5984-5986,6000-6005,6379,6443,9200,10250,11211,27017';
