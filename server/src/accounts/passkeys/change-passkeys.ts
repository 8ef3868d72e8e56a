import type { PasskeyRequest } from '@netdelta/core/api/passkeys.ts';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { notFound, RequestProblem } from '../../http/request-problem.ts';
import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import type { OwnAct } from '../own-account/own-act.ts';
import { deleteSessions } from '../own-account/queries.ts';
import {
  deletePasskey,
  insertChallenge,
  insertPasskey,
  lockPasskeys,
  type PasskeyRow,
  selectPasskeyCount,
  selectPasskeys,
  takeChallenge,
  updateToPasswordSessions,
} from './queries.ts';
import type { RelyingParty } from './relying-party.ts';

type PasskeyParts = Pick<AccountParts, 'database' | 'queue' | 'mail'>;

const MOST = 20;
/** EdDSA, ES256, RS256 (COSE): what all browsers have. Left to itself the library tries what Node warns of. */
const ALGORITHMS = [-8, -7, -257];

/** What the browser is to make a passkey of: one that is found by itself and opened by finger, face or PIN. */
export async function challengeForNew(
  { database: { system } }: PasskeyParts,
  { person }: OwnAct,
  { party, tokenHash }: { party: RelyingParty; tokenHash: Buffer },
) {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const own = await selectPasskeys(system, person.id);
  if (own.length >= MOST) throw tooMany();
  const options = await generateRegistrationOptions({
    rpName: 'NetDelta',
    rpID: party.hostName,
    userID: new TextEncoder().encode(person.id),
    userName: person.email,
    userDisplayName: person.name,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: own.map(({ credential_id, transports }) => ({
      id: credential_id.toString('base64url'),
      transports,
    })),
  });
  await insertChallenge(system, { tokenHash, challenge: options.challenge, userId: person.id });
  return options;
}

interface Made extends PasskeyRequest {
  readonly party: RelyingParty;
  /** Of the browser's cookie. */
  readonly tokenHash: Buffer | null;
}

/** Adds what the browser made. @throws RequestProblem 400 for what was not asked for, 409 for a known one */
export async function addPasskey(
  parts: PasskeyParts,
  { session: _stays, ...act }: OwnAct,
  { name, credential, party, tokenHash }: Made,
): Promise<PasskeyRow> {
  const { system } = parts.database;
  const userId = act.person.id;
  const challenge = tokenHash && (await takeChallenge(system, { tokenHash, userId }));
  if (!challenge) throw ended();
  const made = await verifyNew({ ...credential, clientExtensionResults: {} }, challenge, party);
  return system.transaction().execute(async (tx) => {
    await lockPasskeys(tx, userId);
    if ((await selectPasskeyCount(tx, userId)) >= MOST) throw tooMany();
    const row = await insertPasskey(tx, { ...made, user_id: userId, name });
    if (!row) throw known();
    await recordAccountChange(parts, tx, {
      ...{ ...act, action: 'passkey.added', detail: name },
      after: { passkey: name, hostName: row.host_name, backedUp: row.backed_up },
    });
    return row;
  });
}

async function verifyNew(
  response: RegistrationResponseJSON,
  expectedChallenge: string,
  { hostName, origin }: RelyingParty,
) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const expected = { expectedChallenge, expectedOrigin: origin, expectedRPID: hostName };
  // It throws for whatever is not as it was asked for, and for what is no passkey at all.
  const { registrationInfo } = await verifyRegistrationResponse({
    ...{ response, ...expected, requireUserVerification: true },
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => ({ registrationInfo: undefined }));
  if (!registrationInfo) throw unverified();
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    credential_id: Buffer.from(credential.id, 'base64url'),
    public_key: Buffer.from(credential.publicKey),
    signature_count: credential.counter,
    transports: [...(credential.transports ?? [])],
    host_name: hostName,
    backed_up: credentialBackedUp,
  };
}

/**
 * Removes a passkey and ends all other sessions: who removes one may have lost it.
 * @throws RequestProblem 404
 */
export async function removePasskey(
  parts: PasskeyParts,
  { session, ...act }: OwnAct,
  id: string,
): Promise<void> {
  const userId = act.person.id;
  await parts.database.system.transaction().execute(async (tx) => {
    await lockPasskeys(tx, userId);
    const removed = await deletePasskey(tx, userId, id);
    if (!removed) throw notFound('passkey');
    await updateToPasswordSessions(tx, userId);
    const endedSessions = await deleteSessions(tx, { userId, boundTo: null }, session.sessionId);
    await recordAccountChange(parts, tx, {
      ...{ ...act, action: 'passkey.removed', detail: removed.name },
      before: { passkey: removed.name, hostName: removed.hostName, endedSessions },
    });
  });
}

function ended(): RequestProblem {
  const message =
    'This took longer than five minutes, or was answered before. Nothing was added: start again.';
  return new RequestProblem(400, 'challenge-ended', message);
}

function unverified(): RequestProblem {
  const message =
    'The browser did not make what it was asked for, so nothing was added. Start again, at the address under which this server is known.';
  return new RequestProblem(400, 'unverified-passkey', message);
}

function known(): RequestProblem {
  return new RequestProblem(409, 'known-passkey', 'This passkey is known here already.');
}

function tooMany(): RequestProblem {
  const message = `Nobody needs more than ${MOST} passkeys. Remove one that you do not use.`;
  return new RequestProblem(409, 'too-many-passkeys', message);
}
