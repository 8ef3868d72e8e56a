-- Single sign-on: logging in through the identity provider of a site, by OpenID Connect.

-- Whom a site's provider alone knows is a person of that site (home_site). Their address proves nothing
-- elsewhere: others may have the same, and nobody logs in by it (login_email).
alter table users add column home_site uuid references sites on delete cascade;
alter table users add column login_email text
  generated always as (case when home_site is null then email end) stored unique;
alter table users drop constraint users_email_key;
create index on users (email);
create index on users (home_site);
grant select (home_site) on users to netdelta_app;

-- A session that was made through a provider opens its site alone (bound_to), until ends_at.
alter table sessions
  add column bound_to uuid references sites on delete cascade,
  add column ends_at timestamptz,
  add column factor_asserted boolean not null default false,
  add constraint sessions_bound check ((bound_to is null) = (ends_at is null));
create index on sessions (bound_to);

create table sign_on_providers (
  site_id uuid primary key references sites on delete cascade,
  enabled boolean not null,
  label text not null,
  issuer text not null,
  client_id text not null,
  -- Sealed; null: a public client.
  client_secret text,
  scopes text not null,
  groups_claim text not null,
  -- [{ group, role }]
  roles jsonb not null,
  otherwise text check (otherwise in ('administrator', 'operator', 'viewer', 'auditor')),
  admits_new boolean not null,
  links_by_email boolean not null,
  password_allowed boolean not null,
  second_factor text not null check (second_factor in ('asserted', 'always')),
  session_hours integer not null check (session_hours between 1 and 720)
);

-- Who a member is to a provider. Whoever is a member no more is nobody to it.
create table sign_on_subjects (
  site_id uuid not null,
  issuer text not null,
  subject text not null,
  user_id text not null,
  created_at timestamptz not null default now(),
  primary key (site_id, issuer, subject),
  unique (site_id, issuer, user_id),
  foreign key (site_id, user_id) references members on delete cascade
);
create index on sign_on_subjects (site_id, user_id);

-- Logins that are on their way to a provider and back. Each row is taken once, by the browser that left.
create table sign_on_trips (
  site_id uuid not null references sites on delete cascade,
  -- SHA-256.
  state_hash bytea not null,
  browser_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  next text,
  expires_at timestamptz not null,
  primary key (site_id, state_hash)
);
create index on sign_on_trips (site_id, expires_at);

do $$
declare name text;
begin
  foreach name in array array['sign_on_providers', 'sign_on_subjects', 'sign_on_trips']
  loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$create policy site on %I to netdelta_app
      using (site_id = nullif(current_setting('app.site', true), '')::uuid)
      with check (site_id = nullif(current_setting('app.site', true), '')::uuid)$policy$, name);
    execute format('grant select, insert, update, delete on %I to netdelta_app', name);
  end loop;
end $$;

-- A person of one site is gone with their membership. The application's role deletes no people itself.
create function delete_local_person() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public as $$
begin
  delete from users where id = old.user_id and home_site = old.site_id;
  return null;
end $$;
create trigger local_person after delete on members for each row execute function delete_local_person();
