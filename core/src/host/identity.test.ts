import { describe, expect, it } from 'vitest';
import { identityKeys, shareIdentity } from './identity.ts';

describe('by what a host is known again', () => {
  it.each([
    ['mac', { mac: '02:AB:00:00:00:01', names: ['a'] }, ['02:ab:00:00:00:01']],
    ['mac', { names: ['a'] }, []],
    ['mac', { mac: '00:00:00:00:00:00', names: [] }, []],
    ['mac', { mac: 'FF:FF:FF:FF:FF:FF', names: [] }, []],
    [
      'name',
      { mac: '02:AB:00:00:00:01', names: ['Printer.Example.', 'b'] },
      ['printer.example', 'b'],
    ],
    ['name', { names: ['a', 'A', ''] }, ['a']],
    ['name', { names: [] }, []],
  ] as const)('%s of %j', (by, host, keys) => {
    expect(identityKeys(by, host)).toEqual(keys);
  });

  it('is shared when anything of it is', () => {
    expect(shareIdentity(['a', 'b'], ['b', 'c'])).toBe(true);
    expect(shareIdentity(['a'], ['b'])).toBe(false);
    expect(shareIdentity([], [])).toBe(false);
  });
});
