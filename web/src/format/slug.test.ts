import { siteSlug } from '@netdelta/core/api/accounts.ts';
import { expect, test } from 'vitest';
import { proposeSlug } from './slug.ts';

test.each([
  ['Example University', 'example-university'],
  ['Zürich — Büro 2', 'zurich-buro-2'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
])('%s lies under %s', (name, slug) => {
  expect(proposeSlug(name)).toBe(slug);
  expect(siteSlug.safeParse(slug).success).toBe(true);
});

test('a name without a letter proposes nothing', () => {
  expect(proposeSlug('東京')).toBe('');
});
