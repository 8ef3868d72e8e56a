import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import type { KeyPermission, Role } from '@netdelta/core/access/roles.ts';
import type { Delivery } from '@netdelta/core/api/people.ts';
import type { ColumnType, Generated } from 'kysely';
import type { NullableTime, Time } from './columns.ts';

interface UsersTable {
  id: string;
  name: string;
  email: string;
  emailVerified: Generated<boolean>;
  twoFactorEnabled: Generated<boolean>;
  platform_admin: Generated<boolean>;
  /** The site to whose provider alone this person is known; null: an account of its own. */
  home_site: string | null;
  /** Of accounts of their own: by what they log in. */
  login_email: ColumnType<string | null, never, never>;
}

interface SetupLinksTable {
  only: Generated<boolean>;
  token_hash: Buffer;
  created_at: Time;
}

interface MembersTable {
  site_id: string;
  user_id: string;
  role: Role;
  created_at: Time;
}

export interface InvitationsTable {
  site_id: string;
  id: Generated<string>;
  email: string;
  role: Role;
  token_hash: Buffer | null;
  invited_by: string | null;
  delivery: Delivery;
  sent_at: NullableTime;
  last_error: string | null;
  created_at: Time;
  expires_at: Time;
}

interface ApiKeysTable {
  site_id: string;
  id: Generated<string>;
  name: string;
  token_hash: Buffer;
  hint: string;
  scopes: KeyPermission[];
  created_by: string | null;
  created_at: Time;
  expires_at: NullableTime;
  last_used_at: NullableTime;
  revoked_at: NullableTime;
}

interface PasswordResetsTable {
  user_id: string;
  token_hash: Buffer;
  created_at: Time;
  expires_at: Time;
}

interface AttemptsTable {
  subject: Buffer;
  level: number;
  last_at: Time;
  locked_until: Time;
}

interface KnownPlacesTable {
  user_id: string;
  place: Buffer;
  last_at: Time;
}

/** Of better-auth, whose names these are. */
interface SessionsTable {
  id: string;
  userId: string;
  token: string;
  expiresAt: Time;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Time;
  last_used_at: Time;
  opened_by: Generated<LoginWay>;
  /** The only site that it opens; null: all of the person's. */
  bound_to: string | null;
  ends_at: NullableTime;
  factor_asserted: Generated<boolean>;
}

/** By codes of an authenticator app. Its names are those that better-auth once gave. */
interface TwoFactorsTable {
  id: string;
  userId: string;
  /** Sealed. */
  secret: string;
  /** Of recovery codes: a sealed JSON array. */
  backupCodes: string;
  /** Whether a first code has confirmed it: before, it is an offer. */
  verified: Generated<boolean>;
  /** In a row. */
  failedVerificationCount: Generated<number>;
  lockedUntil: NullableTime;
  last_step: ColumnType<string | null, number | null | undefined, number | null>;
}

interface PasskeysTable {
  user_id: string;
  id: Generated<string>;
  name: string;
  credential_id: Buffer;
  public_key: Buffer;
  signature_count: ColumnType<string, number, number>;
  transports: string[];
  host_name: string;
  backed_up: boolean;
  created_at: Time;
  last_used_at: NullableTime;
}

interface PasskeyChallengesTable {
  token_hash: Buffer;
  challenge: string;
  user_id: string | null;
  expires_at: Time;
}

/** Of better-auth: how a person logs in. The password's way is `credential`; its other columns are for other ways. */
interface AccountsTable {
  id: string;
  userId: string;
  accountId: string;
  providerId: string;
  password: string | null;
}

/** Of people, of whatever sites. */
export interface PeopleTables {
  users: UsersTable;
  setup_links: SetupLinksTable;
  members: MembersTable;
  invitations: InvitationsTable;
  api_keys: ApiKeysTable;
  password_resets: PasswordResetsTable;
  sessions: SessionsTable;
  accounts: AccountsTable;
  attempts: AttemptsTable;
  known_places: KnownPlacesTable;
  two_factors: TwoFactorsTable;
  passkeys: PasskeysTable;
  passkey_challenges: PasskeyChallengesTable;
}
