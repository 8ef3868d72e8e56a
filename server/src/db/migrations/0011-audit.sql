-- Who did what, when, from where, before and after. Append-only, and each entry holds the hash of the
-- one before (core/audit/entry): whoever changes one breaks the chain.
create table audit_entries (
  -- No reference: what was done to a site outlives it.
  site_id uuid not null,
  number bigint not null check (number >= 1),
  at timestamptz(3) not null,
  actor jsonb not null,
  address text,
  user_agent text,
  action text not null,
  subject jsonb not null,
  before jsonb,
  after jsonb,
  hash bytea not null check (length(hash) = 32),
  primary key (site_id, number)
);
create index audit_entries_by_action on audit_entries (site_id, action, number desc);
create index audit_entries_by_time on audit_entries (site_id, at);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_audit_change();

alter table audit_entries enable row level security;
create policy site on audit_entries to netdelta_app
  using (site_id = nullif(current_setting('app.site', true), '')::uuid)
  with check (site_id = nullif(current_setting('app.site', true), '')::uuid);
grant select, insert on audit_entries to netdelta_app;
