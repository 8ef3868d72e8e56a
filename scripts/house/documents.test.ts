import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DELTA_KINDS } from '../../core/src/delta/kinds.ts';
import { HOST_STATUSES } from '../../core/src/host/status.ts';
import { HOST_EVENTS, HOST_TRANSITIONS } from '../../core/src/host/transitions.ts';
import { describeConfig } from '../../server/src/config.ts';

const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The rows of the Markdown table that has this first line, each as its cells. */
function tableRows(text: string, header: string): string[][] {
  const [, below = ''] = text.split(`${header}\n`);
  const [table = ''] = below.split('\n\n');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !/^\| -/.test(line));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (text: string) => (text ? `\`${text}\`` : '');

test('the README has every variable as the program reads it', () => {
  const rows = describeConfig().map(([name, absent, meaning]) => [
    quoted(name),
    quoted(absent),
    meaning,
  ]);
  expect(tableRows(read('README.md'), '| variable | default | meaning |')).toEqual(rows);
});

test('the README has every command', () => {
  const folder = path.join(root, 'server/src/cli');
  const commands = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(`server/src/cli/${file}`).matchAll(/new Command\('([\w-]+)'\)/g)])
    .map(([, name]) => name);
  const rows = tableRows(
    read('README.md').split('## Commands')[1] ?? '',
    '| command | what it does |',
  );
  const told = rows.map(([usage = '']) => /^`([a-z-]+)/.exec(usage)?.[1]);
  // What a command does with files and with a server may be told apart.
  expect([...new Set(told)].sort()).toEqual(commands.sort());
});

test('the glossary has the ten status codes and their transitions as they are decided', () => {
  const glossary = read('GLOSSARY.md');
  expect(tableRows(glossary, '| code | name | meaning |')).toEqual(
    HOST_STATUSES.map(({ code, name, meaning }) => [String(code), name, meaning]),
  );
  expect(tableRows(glossary, `| status | ${HOST_EVENTS.join(' | ')} |`)).toEqual(
    HOST_STATUSES.map(({ name }) => [
      name,
      ...HOST_EVENTS.map((event) => HOST_TRANSITIONS[name][event]),
    ]),
  );
});

test('the glossary has every kind of delta under its headings', () => {
  const rows = tableRows(read('GLOSSARY.md'), '| kind | what happened | heading |');
  const expected = Object.entries(DELTA_KINDS).map(([kind, row]) => [
    quoted(kind),
    [row.heading, ...('servicesHeading' in row ? [row.servicesHeading] : [])].join(', '),
  ]);
  expect(rows.map(([kind, , heading]) => [kind, heading])).toEqual(expected);
});

test('links between documents lead somewhere', () => {
  for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']) {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(path.join(root, link)))).toEqual([]);
  }
});

test.each(['THREAT-MODEL.md', 'SECURITY.md'])('what %s names is there', (document) => {
  const text = read(document);
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
  const named = [...text.matchAll(/`((?:server|core|web|e2e|docs)\/[\w./-]+)`/g)];
  const files = [...links, ...named.map(([, file = '']) => file)];
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  expect(files.length).toBeGreaterThan(1);
});
