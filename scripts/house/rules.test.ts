import { expect, test } from 'vitest';
import { RULES } from './rules.ts';
import { parseSource } from './source.ts';

/** A made-up source: its path and its text. */
type Made = readonly [file: string, ...lines: string[]];

const CASES: readonly {
  rule: keyof typeof RULES;
  breaks: readonly Made[];
  holds: readonly Made[];
}[] = [
  {
    rule: 'coreImportsCoreAlone',
    breaks: [
      ['core/src/a.ts', "import { readFile } from 'node:fs/promises';"],
      ['core/src/a.ts', "import pg from 'pg';"],
      ['core/src/a.ts', "import type { Log } from '../../server/src/log.ts';"],
    ],
    holds: [
      ['core/src/a.ts', "import { z } from 'zod';", "import { b } from './b.ts';"],
      ['core/src/a.test.ts', "import { test } from 'vitest';"],
    ],
  },
  {
    rule: 'coreIsPure',
    breaks: [
      ['core/src/a.ts', 'const now = Date.now();'],
      ['core/src/a.ts', 'const at = new Date().toISOString();'],
      ['core/src/a.ts', 'const id = crypto.randomUUID();'],
    ],
    holds: [['core/src/a.ts', 'const at = new Date(now).toISOString();']],
  },
  {
    rule: 'pagesAndServerAreApart',
    breaks: [
      ['web/src/main.tsx', "import { x } from '../../server/src/x.ts';"],
      ['web/src/main.tsx', "import path from 'node:path';"],
      ['server/src/app.ts', "import { x } from '../../web/src/x.ts';"],
    ],
    holds: [['web/src/main.tsx', "import { x } from '@netdelta/core/x.ts';"]],
  },
  {
    rule: 'arrowsPointOneWay',
    breaks: [
      ['server/src/targets/a.ts', "import { b } from '../scans/b.ts';"],
      ['server/src/scans/a.ts', "import type { B } from '../deltas/b.ts';"],
      ['server/src/deltas/a.ts', "export { b } from '../alerts/b.ts';"],
      ['server/src/accounts/a.ts', "import { b } from '../targets/b.ts';"],
      ['server/src/targets/a.ts', "import { b } from '../accounts/b.ts';"],
      ['server/src/db/a.ts', "import { b } from '../targets/b.ts';"],
      ['server/src/engines/nmap/a.ts', "import { b } from '../../scans/b.ts';"],
      ['server/src/http/a.ts', "const b = await import('../accounts/b.ts');"],
      ['server/src/queue/a.ts', "import { b } from '../app.ts';"],
    ],
    holds: [
      ['server/src/alerts/a.ts', "import { b } from '../deltas/b.ts';"],
      ['server/src/deltas/a.ts', "import { b } from '@netdelta/core/b.ts';"],
      ['server/src/cli/a.ts', "import { b } from '../alerts/b.ts';"],
      ['server/src/targets/a.test.ts', "import { b } from '../scans/b.ts';"],
    ],
  },
  {
    rule: 'nothingNeedsTheLab',
    breaks: [
      ['server/src/a.ts', "import { b } from '../../lab/b.ts';"],
      ['e2e/a.test.ts', "import { b } from '../lab/b.ts';"],
    ],
    holds: [
      ['lab/a.ts', "import { b } from './b.ts';", "import { c } from '../server/src/c.ts';"],
      ['server/src/a.ts', "import { label } from './lab/label.ts';"],
    ],
  },
  {
    rule: 'sqlStaysInQueries',
    breaks: [
      ['server/src/scans/routes.ts', "import { type Selectable, sql } from 'kysely';"],
      ['server/src/scans/routes.ts', "tx.selectFrom('scans');"],
    ],
    holds: [
      ['server/src/scans/shard-queries.ts', "import { sql } from 'kysely';"],
      ['server/src/db/live.ts', "import { sql } from 'kysely';"],
      ['server/src/scans/routes.ts', "import type { Kysely } from 'kysely';"],
    ],
  },
  {
    rule: 'namesSaySomething',
    breaks: [['core/src/utils/a.ts'], ['web/src/helpers.tsx'], ['server/src/scans/common.test.ts']],
    holds: [['server/src/engines/connect/common-ports.ts']],
  },
  {
    rule: 'filesAreShort',
    breaks: [['core/src/a.ts', ...Array(401).fill('// line')]],
    holds: [['core/src/a.ts', ...Array(400).fill('// line')]],
  },
];

test.each(CASES)('$rule can fail, and only when it should', ({ rule, breaks, holds }) => {
  const judge = (made: Made) => RULES[rule]([build(made)]);
  expect(breaks.map(judge).map((found) => found.length)).toEqual(breaks.map(() => 1));
  expect(holds.flatMap(judge)).toEqual([]);
});

test('a cycle is found however long it is, and a shared import is none', () => {
  const sources = [
    ['core/src/a.ts', "import { b } from './b.ts';", "import { d } from './d.ts';"],
    ['core/src/b.ts', "export * from './c.ts';", "import './d.ts';"],
    ['core/src/c.ts', "import type { a } from '@netdelta/core/a.ts';"],
    ['core/src/d.ts'],
  ] as const;
  const cycle = 'core/src/a.ts → core/src/b.ts → core/src/c.ts → core/src/a.ts is a cycle';
  expect(RULES.noCycles(sources.map(build))).toEqual([cycle]);
  expect(RULES.noCycles(sources.filter(([file]) => !file.includes('c.ts')).map(build))).toEqual([]);
});

test('every rule has been seen to fail', () => {
  const seen = [...CASES.map(({ rule }) => rule), 'noCycles'];
  expect(seen.sort()).toEqual(Object.keys(RULES).sort());
});

test('imports are found in every form, and not in comments', () => {
  const source = build([
    'server/src/scans/a.ts',
    "import path, { join } from 'node:path';",
    'import {',
    '  type A,',
    '  b,',
    "} from '../db/b.ts';",
    "import type { C } from './c.ts';",
    "export * as d from './d.ts';",
    "// import { x } from './x.ts';",
    " * import { y } from './y.ts';",
  ]);
  expect(source.imports).toEqual([
    { to: 'node:path', own: false, names: ['path', 'join'], typeOnly: false },
    { to: 'server/src/db/b.ts', own: true, names: ['type A', 'b'], typeOnly: false },
    { to: 'server/src/scans/c.ts', own: true, names: ['C'], typeOnly: true },
    { to: 'server/src/scans/d.ts', own: true, names: ['* as d'], typeOnly: false },
  ]);
});

function build([file, ...lines]: Made) {
  return parseSource(file, lines.map((line) => `${line}\n`).join(''));
}
