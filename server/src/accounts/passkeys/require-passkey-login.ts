import type { PasskeyLogin } from '@netdelta/core/api/passkeys.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestProblem } from '../../http/request-problem.ts';
import type { AccountParts } from '../account-parts.ts';
import type { Login } from '../auth.ts';
import { clientOf } from '../login-member.ts';
import { challengeForLogin, logInByPasskey } from './log-in-by-passkey.ts';
import { requireRelyingParty } from './relying-party.ts';

interface Place {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Null: at the front door. */
  readonly slug: string | null;
}

/** What the browser is to sign, and the cookie by which it is known again. */
export async function giveLoginChallenge(parts: AccountParts, { request, reply, slug }: Place) {
  const party = requireRelyingParty(parts.publicUrl, request);
  const tokenHash = parts.challengeCookies.give(reply, slug);
  return { options: { ...(await challengeForLogin(parts, { party, tokenHash })) } };
}

/**
 * Logs in by what the browser signed.
 * @throws RequestProblem 401; before, `noteRefused` is told whose passkey it claimed to be
 */
export async function requirePasskeyLogin(
  parts: AccountParts,
  { request, reply, slug }: Place,
  { credential, noteRefused }: { credential: PasskeyLogin; noteRefused: NoteRefused },
): Promise<Login> {
  const party = requireRelyingParty(parts.publicUrl, request);
  const tokenHash = parts.challengeCookies.take(request, reply, slug);
  const client = clientOf(request);
  const outcome = await logInByPasskey(parts, { credential, party, tokenHash, client });
  if (!('refused' in outcome)) return outcome;
  if (outcome.refused === 'ended') throw new RequestProblem(401, 'challenge-ended', ENDED);
  await noteRefused(outcome.email ?? 'an unknown passkey');
  throw new RequestProblem(401, 'wrong-passkey', WRONG);
}

/** By the e-mail of the passkey's owner, or words for none. */
type NoteRefused = (email: string) => Promise<void>;

const ENDED = 'This took longer than five minutes, or was answered before. Try again.';
const WRONG =
  'This passkey does not open this server: it was removed here, or belongs to another address. Log in by your password.';
