-- Roles (core/access/roles). Whoever was in a site owns it.
alter table members drop constraint members_role_check;
alter table members add constraint members_role_check
  check (role in ('owner', 'administrator', 'operator', 'viewer', 'auditor'));

-- May make sites and see the list of them. The first person that there is.
alter table users add column platform_admin boolean not null default false;
update users set platform_admin = true where id = (select id from users order by "createdAt", id limit 1);

-- In a site, only its own people exist.
alter table users enable row level security;
create policy site on users to netdelta_app using (id in (select user_id from members));

-- People who may come into a site, once each.
create table invitations (
  site_id uuid not null references sites on delete cascade,
  id uuid not null default gen_random_uuid(),
  -- In lower case, as in users.
  email text not null,
  role text not null check (role in ('owner', 'administrator', 'operator', 'viewer', 'auditor')),
  -- SHA-256. Of a mail it is there from its sending on: no token waits in a queue.
  token_hash bytea,
  invited_by text references users on delete set null,
  -- A link that was shown to who invites proves nothing about the address.
  delivery text not null check (delivery in ('mail', 'link')),
  sent_at timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, email),
  unique (site_id, token_hash)
);
create index on invitations (invited_by);

-- What programs enter a site with. A revoked key stays: what it did names it.
create table api_keys (
  site_id uuid not null references sites on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  token_hash bytea not null,
  -- The first characters of the key.
  hint text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by text references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (site_id, id),
  unique (site_id, token_hash)
);
create index on api_keys (created_by);

do $$
declare name text;
begin
  foreach name in array array['invitations', 'api_keys']
  loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$create policy site on %I to netdelta_app
      using (site_id = nullif(current_setting('app.site', true), '')::uuid)
      with check (site_id = nullif(current_setting('app.site', true), '')::uuid)$policy$, name);
    execute format('grant select, insert, update, delete on %I to netdelta_app', name);
  end loop;
end $$;

-- One link a person by which a forgotten password can be replaced. Of the instance, as people are.
create table password_resets (
  user_id text primary key references users on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- better-auth writes "updatedAt" once a day; a person who looks at their sessions wants to know more.
alter table sessions add column last_used_at timestamptz not null default now();

-- Second factors are better-auth's: the secret and the recovery codes are encrypted with the secret key.
alter table users add column "twoFactorEnabled" boolean not null default false;
grant select ("twoFactorEnabled") on users to netdelta_app;
create table two_factors (
  id text primary key,
  "userId" text not null unique references users on delete cascade,
  secret text not null,
  "backupCodes" text not null,
  verified boolean not null default true,
  "failedVerificationCount" integer not null default 0,
  "lockedUntil" timestamptz
);
-- Whether members without one are shown nothing but the way to set it up.
alter table sites add column second_factor_demanded boolean not null default false;
