import { scanOptions } from '@netdelta/core/profile/options.ts';
import { expect, test } from 'vitest';
import { formatCommand } from './command.ts';
import { formatCount, percentOf } from './count.ts';
import { describeOptions, describePorts, differingLabels } from './options.ts';
import { describeTiming, splitMinutes } from './schedule.ts';
import { describeProduct, describeServiceName } from './service.ts';

const CALENDAR = { timeZone: 'UTC', dateLocale: 'en-GB' };

test('a command can be typed in a shell as it stands', () => {
  expect(formatCommand(['nmap', '-p', '22,80', '-oX', '-'])).toBe('nmap -p 22,80 -oX -');
  expect(formatCommand(['nmap', "it's", 'a b', ''])).toBe("nmap 'it'\\''s' 'a b' ''");
});

test('counts agree with their noun', () => {
  expect(formatCount(1, 'address', 'addresses')).toBe('1 address');
  expect(formatCount(65_536, 'address', 'addresses')).toBe('65,536 addresses');
});

test('a hundred percent is only said when all is done', () => {
  expect(percentOf(999, 1_000)).toBe(99);
  expect(percentOf(1_000, 1_000)).toBe(100);
  expect(percentOf(0, 0)).toBe(0);
});

test('ports are named by what they are', () => {
  expect(describePorts({ kind: 'top', count: 1_000 })).toBe('1,000 most common');
  expect(describePorts({ kind: 'list', ports: '22,80' })).toBe('22,80');
});

test('options of two scans differ where their lines differ', () => {
  const before = scanOptions.parse({});
  const after = scanOptions.parse({ serviceDetection: true, maxRate: 500 });
  expect(differingLabels(before, before)).toEqual(new Set());
  expect(differingLabels(before, after)).toEqual(new Set(['Service detection', 'Highest rate']));
  expect(describeOptions(after)).toContainEqual({ label: 'Highest rate', value: '500 packets/s' });
});

test('a schedule tells when it runs', () => {
  const nightly = { kind: 'cron', cron: '0 2 * * *', timeZone: 'Europe/Berlin' } as const;
  expect(describeTiming(nightly, CALENDAR)).toBe('Every night at 2 AM (Europe/Berlin)');
  expect(describeTiming({ ...nightly, cron: '7 1 * * 2' }, CALENDAR)).toBe(
    '7 1 * * 2 (Europe/Berlin)',
  );
  const startsAt = '2026-11-24T00:00:00Z';
  expect(describeTiming({ kind: 'interval', minutes: 60, startsAt }, CALENDAR)).toBe('Every hour');
  expect(describeTiming({ kind: 'interval', minutes: 90, startsAt }, CALENDAR)).toBe(
    'Every 90 minutes',
  );
  expect(splitMinutes(2_880)).toEqual({ amount: 2, unit: 'day' });
});

test('a service tells what is known of it, and when it is only a guess', () => {
  const known = { method: 'probed', name: 'http', product: 'nginx', version: '1.24' } as const;
  expect(describeProduct(known)).toBe('nginx 1.24');
  expect(describeServiceName({ ...known, tunnel: 'ssl' })).toBe('ssl/http');
  expect(describeServiceName({ method: 'table', name: 'ssh' })).toBe('ssh?');
  expect(describeProduct({ method: 'table', name: 'ssh' })).toBeNull();
});
