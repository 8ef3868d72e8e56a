-- What was believed of a host, not only its status: so that any instant can be read back, and any two compared.
alter table host_intervals
  -- The ports of which the state was known (coverages, which are never deleted); null: none.
  add known_coverage_id bigint,
  add names text[] not null default '{}',
  add mac text,
  add mac_vendor text,
  add os text,
  add answers_everything boolean not null default false,
  -- Whether it differs from the interval before in more than the status of a host that is up, or down, as before
  -- (NEW, then UP): what a comparison of two instants has to look at.
  add differs boolean not null default true;

-- How it ended when it was not open any more; null: it has not ended, or it became another service.
alter table service_intervals
  add end_state text check (end_state in ('closed', 'filtered')),
  add end_reason text;

-- Nobody noted it until now: what is believed of a host is taken to be so since it was first seen up.
update host_intervals as i
set known_coverage_id = h.known_coverage_id, names = h.names, mac = h.mac, mac_vendor = h.mac_vendor, os = h.os,
  answers_everything = h.answers_everything
from hosts as h
where h.site_id = i.site_id and h.group_id = i.group_id and h.address = i.address and i.status not in (0, 1);
update host_intervals as i
set differs = false
from (
  select site_id, group_id, address, valid_from, presence,
    lag(presence) over (partition by site_id, group_id, address order by valid_from) as before
  from (
    select *, case when status in (2, 3, 4, 5, 8) then 'up' when status in (6, 7) then 'down' else status::text end as presence
    from host_intervals
  ) as present
) as n
where n.presence = n.before and n.site_id = i.site_id and n.group_id = i.group_id and n.address = i.address
  and n.valid_from = i.valid_from;
update service_intervals as s
set end_state = case d.kind when 'service.closed' then 'closed' else 'filtered' end, end_reason = d.evidence->>'reason'
from deltas as d
where d.kind in ('service.closed', 'service.filtered') and d.site_id = s.site_id and d.group_id = s.group_id
  and d.address = s.address and d.protocol = s.protocol and d.port = s.port and d.at = s.valid_to;

-- What changed between two instants began or ended between them. The rows of a shard share their
-- instant, so these indexes stay small.
create index host_intervals_differing on host_intervals (site_id, group_id, valid_from) where differs;
-- The group last: while the tables have no statistics yet, all indexes look alike to the planner, and it must not take
-- one of these for the intervals of a host, as it begins with site and group, too.
create index service_intervals_begun on service_intervals (site_id, valid_from, group_id);
create index service_intervals_ended on service_intervals (site_id, valid_to, group_id) where valid_to is not null;
-- Edits of targets are told by no scan.
create index deltas_of_edits on deltas (site_id, at) where scan_id is null;
