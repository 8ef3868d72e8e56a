import type { GroupRole } from '@netdelta/core/access/sign-on.ts';
import type { SignOnView } from '@netdelta/core/api/sign-on.ts';
import type { Json, Time } from './columns.ts';

type Rule = NonNullable<SignOnView['provider']>;

export interface SignOnProvidersTable {
  site_id: string;
  enabled: boolean;
  label: string;
  issuer: string;
  client_id: string;
  /** Sealed. */
  client_secret: string | null;
  scopes: string;
  groups_claim: string;
  roles: Json<readonly GroupRole[]>;
  otherwise: Rule['otherwise'];
  admits_new: boolean;
  links_by_email: boolean;
  password_allowed: boolean;
  second_factor: Rule['secondFactor'];
  session_hours: number;
}

interface SignOnSubjectsTable {
  site_id: string;
  issuer: string;
  subject: string;
  user_id: string;
  created_at: Time;
}

export interface SignOnTripsTable {
  site_id: string;
  state_hash: Buffer;
  browser_hash: Buffer;
  nonce: string;
  code_verifier: string;
  next: string | null;
  expires_at: Time;
}

/** Of single sign-on. */
export interface SignOnTables {
  sign_on_providers: SignOnProvidersTable;
  sign_on_subjects: SignOnSubjectsTable;
  sign_on_trips: SignOnTripsTable;
}
