-- Passkeys (Web Authentication). Of the instance, as people are.
create table passkeys (
  user_id text not null references users on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  credential_id bytea not null unique,
  -- COSE_Key (RFC 9052).
  public_key bytea not null,
  -- How often it signed, as it says itself; always 0 of those that are copied to several devices.
  signature_count bigint not null,
  transports text[] not null,
  -- The host name (RP ID) that it was made for: it works at no other.
  host_name text not null,
  -- Whether its maker keeps copies, so that it outlives the device.
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (user_id, id)
);

-- What a browser is to sign, once, within minutes. It is found by a token in that browser's cookie.
create table passkey_challenges (
  token_hash bytea primary key,
  challenge text not null,
  -- Who adds a passkey; null: somebody logs in.
  user_id text references users on delete cascade,
  expires_at timestamptz not null
);
create index on passkey_challenges (expires_at);
create index on passkey_challenges (user_id);

-- How a session was opened (core/access/login-ways).
alter table sessions add column opened_by text not null default 'password';

-- The time step (RFC 6238) of the last code that opened something: it and earlier ones are used up.
alter table two_factors add column last_step bigint;
