-- Which of nmap's scripts profiles may name, where the platform differs from the default
-- (core/profile/scripts). Of the instance: a site reads it and changes nothing.
create table script_rules (
  name text primary key,
  allowed boolean not null,
  changed_at timestamptz not null default now()
);
grant select on script_rules to netdelta_app;
