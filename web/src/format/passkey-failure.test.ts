import { expect, test } from 'vitest';
import { describePasskeyFailure } from './passkey-failure.ts';

const place = { hostName: 'nd.example', here: '10.0.0.1:9004', secure: true };

test.each([
  [{ code: 'unsupported' }, 'This browser knows no passkeys'],
  [{ code: 'unsupported', secure: false }, 'only to pages that come by https'],
  [
    { code: 'ERROR_INVALID_RP_ID' },
    'belong to nd.example, and this page was opened as 10.0.0.1:9004',
  ],
  [{ code: 'ERROR_INVALID_DOMAIN' }, 'Open it as nd.example.'],
  [{ code: 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED' }, 'already'],
  [{ code: 'ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT' }, 'screen lock'],
  [{ code: 'ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY', name: 'NotAllowedError' }, 'you cancelled'],
  [{ code: 'ERROR_CEREMONY_ABORTED', name: 'AbortError' }, 'you cancelled'],
  [{ code: 'UnknownError', name: 'UnknownError', message: 'it broke' }, 'no passkey: it broke'],
])('%j', (failure, words) => {
  expect(describePasskeyFailure({ ...place, ...failure })).toContain(words);
});
