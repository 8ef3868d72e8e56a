import { describe, expect, it } from 'vitest';
import { DEFAULT_SCRIPTS, isOneScript, listAllowedScripts } from './scripts.ts';

describe('the scripts that are allowed', () => {
  it('are the default where nothing is said, each of them one script', () => {
    expect([...listAllowedScripts([])]).toEqual(DEFAULT_SCRIPTS);
    expect(DEFAULT_SCRIPTS.filter((name) => !isOneScript(name))).toEqual([]);
  });

  it('are what the platform added, without what it took away', () => {
    const allowed = listAllowedScripts([
      { name: 'ssl-enum-ciphers', allowed: true },
      { name: 'banner', allowed: false },
    ]);
    expect([
      allowed.has('ssl-enum-ciphers'),
      allowed.has('banner'),
      allowed.has('ssl-cert'),
    ]).toEqual([true, false, true]);
  });

  it.each(['vuln', 'all', 'not', 'safe', 'a,b', '--script-args', '/tmp/x', 'x.nse', '+banner', ''])(
    'are never "%s", which is no single script',
    (name) => {
      expect(isOneScript(name)).toBe(false);
      expect(listAllowedScripts([{ name, allowed: true }]).has(name)).toBe(false);
    },
  );
});
