import { expect, test } from 'vitest';
import { ApiFailure } from '../api/client.ts';
import { fieldErrors, itemErrors } from './form-errors.ts';

test('every problem of a refusal reaches its field', () => {
  const failure = new ApiFailure(422, {
    code: 'invalid',
    message: '',
    problems: [
      { path: 'name', message: 'is taken' },
      { path: 'targets', line: 2, text: '10.0.0.999', message: 'is not an address' },
      { path: 'targets', line: 4, message: 'is too long' },
    ],
  });
  expect(fieldErrors(failure)).toEqual({
    name: 'is taken',
    targets: 'line 2: "10.0.0.999" is not an address; line 4: is too long',
  });
});

test('another failure is about no field', () => {
  expect(fieldErrors(new Error('no network'))).toEqual({});
});

test('the problems of a list name their items', () => {
  const errors = { 'recipients.1': 'is not an e-mail address', recipientsOfOld: 'no', name: 'no' };
  expect(itemErrors(errors, 'recipients', ['a@b.org', 'nobody'])).toBe(
    '"nobody" is not an e-mail address',
  );
  expect(itemErrors({ recipients: 'too many' }, 'recipients', [])).toBe('too many');
  expect(itemErrors({}, 'recipients', [])).toBeUndefined();
});
