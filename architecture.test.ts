import { expect, test } from 'vitest';
import { RULES } from './scripts/house/rules.ts';
import { readSources } from './scripts/house/source.ts';

const sources = readSources(import.meta.dirname);

test('the sources of every part of the house are read', () => {
  const folders = new Set(sources.map(({ file }) => file.split('/')[0]));
  expect([...folders]).toEqual(
    expect.arrayContaining(['bench', 'core', 'lab', 'scripts', 'server', 'web']),
  );
  expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(500);
});

test.each(Object.entries(RULES))('%s', (_name, rule) => {
  expect(rule(sources)).toEqual([]);
});
