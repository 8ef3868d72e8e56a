import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { zDiff } from '@netdelta/core/api/diff.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkNdiffDtd } from './diff/testing/check-dtd.ts';
import { readTree } from './diff/testing/read-tree.ts';
import { createDiffCommand } from './diff.ts';
import { runCommand } from './testing/run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-diff-'));
});
afterAll(() => rm(folder, { recursive: true }));

const diff = (args: readonly string[], input: string | Buffer = '') =>
  runCommand(createDiffCommand, args, { input: () => Readable.from([Buffer.from(input)]) });

/** Writes a scan in the form of nmap's XML. */
async function write(name: string, hosts: readonly string[], end = END): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `${HEAD}${hosts.join('\n')}\n${end}`);
  return file;
}

const HEAD =
  '<?xml version="1.0"?>\n<nmaprun scanner="nmap" args="nmap 10.0.0.0/29" start="1795507303" version="7.93">\n';
const END = '<runstats><finished time="1795507310" exit="success"/></runstats>\n</nmaprun>\n';
const times = (start: number) =>
  `<times srtt="${start}" rttvar="${start * 2}" to="100000"/>\n</host>`;
const host = (address: string, ports: readonly string[] = [], { state = 'up', start = 7 } = {}) =>
  `<host starttime="${start}" endtime="${start + 9}"><status state="${state}" reason="echo-reply"/><address addr="${address}" addrtype="ipv4"/><ports>${ports.join('')}</ports>\n${times(start)}`;
const port = (number: number, state: string, service = 'name="http" product="nginx"') =>
  `<port protocol="tcp" portid="${number}"><state state="${state}" reason="x"/><service ${service}/></port>`;
const down = (address: string) => host(address, [], { state: 'down' });

describe('ndiff knows it in this form', () => {
  it('says nothing where nothing changed but times, with -v all of it', async () => {
    const a = await write('a.xml', [host('10.0.0.1', [port(22, 'open')], { start: 7 })]);
    const b = await write('b.xml', [host('10.0.0.1', [port(22, 'open')], { start: 11_111 })]);
    expect(await diff([a, b])).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stdout, code } = await diff(['-v', a, b]);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(2)).toEqual([
      ' 10.0.0.1:',
      ' Host is up.',
      ' PORT   STATE SERVICE VERSION',
      ' 22/tcp open  http    nginx',
    ]);
  });

  it('tells another version, also one that only says more', async () => {
    const version = (text: string) => `name="http" product="nginx" version="${text}"`;
    const a = await write('a.xml', [host('10.0.0.1', [port(80, 'open', version('1.22.1'))])]);
    const b = await write('b.xml', [host('10.0.0.1', [port(80, 'open', version('1.22.1-p1'))])]);
    const { stdout, code } = await diff([a, b]);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      '',
      ' 10.0.0.1:',
      ' PORT   STATE SERVICE VERSION',
      '-80/tcp open  http    nginx 1.22.1',
      '+80/tcp open  http    nginx 1.22.1-p1',
    ]);
  });

  it('never holds what steers a terminal', async () => {
    const steer = 'name="http" product="A&#x9b;31m&#x202e;"';
    const a = await write('a.xml', [host('10.0.0.1', [port(22, 'open', steer)])]);
    expect((await diff([await write('b.xml', []), a])).stdout).toContain('A\\x9b31m\\x202e');
  });
});

describe('what was asked for alone', () => {
  const before = [
    host('10.0.0.1', [port(22, 'open'), port(80, 'closed'), port(81, 'open')]),
    host('10.0.0.2', [port(22, 'open')]),
    host('10.0.0.3', [port(22, 'filtered')]),
  ];
  const after = [
    host('10.0.0.1', [port(22, 'closed'), port(80, 'filtered'), port(81, 'open', 'name="ssh"')]),
    host('10.0.0.3', [port(22, 'open')]),
    host('10.0.0.4', [port(22, 'open')]),
    down('10.0.0.5'),
  ];
  const kinds = async (...options: string[]) => {
    const files = [await write('a.xml', before), await write('b.xml', after)];
    const { stdout } = await diff([...files, '--json', ...options]);
    const { deltas } = zDiff.parse(JSON.parse(stdout));
    return deltas.map(({ kind, sentence }) => `${kind}: ${sentence}`);
  };

  it('is all, or what --only names, or without --ignore-silent flips', async () => {
    const all = [
      'service.closed: 10.0.0.1: tcp/22 is closed now (was http, nginx)',
      'port.changed: 10.0.0.1: tcp/80 is filtered now (was closed)',
      'service.changed: 10.0.0.1: tcp/81 is ssh now (was http, nginx)',
      'host.down: 10.0.0.2 is not up any more',
      'service.opened: 10.0.0.3: tcp/22 opened (http, nginx)',
      'host.new: 10.0.0.4 is up',
      'target.listed: 10.0.0.5: not listed before, down now',
    ];
    expect(await kinds()).toEqual(all);
    expect(await kinds('--only', 'host.new, service.opened')).toEqual([all[4], all[5]]);
    expect(await kinds('--ignore-silent')).toEqual(all.filter((_, at) => at !== 1 && at !== 6));
  });

  it('is so in every form', async () => {
    const files = [await write('a.xml', before), await write('b.xml', after)];
    const text = await diff([...files, '--only', 'service.opened']);
    expect(text.stdout.split('\n')).toEqual([
      '',
      ' 10.0.0.3:',
      ' PORT   STATE    SERVICE VERSION',
      '-22/tcp filtered http    nginx',
      '+22/tcp open     http    nginx',
    ]);
    const xml = readTree((await diff([...files, '--xml', '--only', 'host.new'])).stdout);
    expect(checkNdiffDtd(xml)).toEqual([]);
    expect(xml.children[0]?.children.map(({ name }) => name)).toEqual(['hostdiff']);
    expect((await diff([...files, '--only', 'os.changed'])).code).toBe(0);
  });
});

it('--json has the shape that is published', async () => {
  const published = path.join(import.meta.dirname, '../../../docs/diff.schema.json');
  expect(JSON.parse(await readFile(published, 'utf8'))).toEqual(z.toJSONSchema(zDiff));
});

it('a host that is listed by another name neither came nor went', async () => {
  const named = (name: string) => [
    host('10.0.0.1').replace('<ports>', `<hostnames><hostname name="${name}"/></hostnames><ports>`),
  ];
  const files = [await write('a.xml', named('old')), await write('b.xml', named('new'))];
  const { deltas } = JSON.parse((await diff([...files, '--json'])).stdout);
  expect(deltas.map(({ kind }: { kind: string }) => kind)).toEqual([
    'name.changed',
    'name.changed',
  ]);
  expect((await diff([...files, '--only', 'host.new,host.down'])).code).toBe(0);
});

describe('the same hosts are the same', () => {
  const hosts = [1, 2, 3, 4, 5, 6].map((last) => host(`10.0.0.${last}`, [port(22, 'open')]));

  it.each([
    ['in another order', [...hosts].reverse()],
    ['within other elements', [`${hosts[0]}<taskend task="x"/>`, ...hosts.slice(1)]],
    ['beside a comment that holds one', ['<!-- <host></host> -->', ...hosts]],
    ['with an attribute in single quotes', [hosts[0]?.replaceAll('"', "'"), ...hosts.slice(1)]],
  ])('%s', async (_what, others) => {
    const files = [await write('a.xml', hosts), await write('b.xml', others as string[])];
    expect(await diff(files)).toMatchObject({ code: 0, stdout: '' });
  });

  it('where some of them are missing here and there', async () => {
    const files = [await write('a.xml', hosts.slice(1)), await write('b.xml', hosts.slice(0, 5))];
    const { stdout } = await diff(files);
    expect(stdout.match(/^[-+]Host.*$/gm)).toEqual(['+Host is up.', '-Host is up.']);
  });

  it('one that is a comment in one file alone is missing there', async () => {
    const commented = [`<!-- ${hosts[0]} -->`, ...hosts.slice(1)];
    const open = ['<!--', hosts[0] ?? '', '-->', ...hosts.slice(1)];
    for (const others of [commented, open]) {
      const files = [await write('a.xml', hosts), await write('b.xml', others)];
      expect((await diff(files)).stdout).toContain('-10.0.0.1:');
    }
  });
});

it('reads packed files, and one from standard input', async () => {
  const a = await write('a.xml', [host('10.0.0.1', [port(22, 'open')])]);
  const text = await readFile(a);
  for (const [name, packed] of [
    ['gz', gzipSync(text)],
    ['zst', zstdCompressSync(text)],
  ] as const) {
    const file = `${a}.${name}`;
    await writeFile(file, packed);
    expect(await diff([a, file])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await diff(['-', file], text)).toEqual({ code: 0, stdout: '', stderr: '' });
  }
  await writeFile(`${a}.gz`, Buffer.from('1f8b090000000000ffff', 'hex'));
  expect((await diff([a, `${a}.gz`])).stderr).toContain('a.xml.gz: its packing is damaged');
});

it('reads a truncated file as far as it is whole, and says where it ends', async () => {
  const hosts = [host('10.0.0.1'), host('10.0.0.2')];
  const a = await write('a.xml', hosts);
  const b = await write('b.xml', hosts.slice(0, 1), '<host><status');
  const { code, stdout, stderr } = await diff([a, b]);
  expect(stderr).toMatch(/b.xml, line 6, column 14: the file ends before its last tag.*hosts: 1/);
  expect(stdout).toContain('-10.0.0.2:');
  expect(code).toBe(1);
});

describe('what cannot be compared is refused, all of it', () => {
  it('files that are missing, empty, broken or something else', async () => {
    const other = path.join(folder, 'other.xml');
    await writeFile(other, '<?xml version="1.0"?>\n<html></html>');
    const empty = path.join(folder, 'empty.xml');
    await writeFile(empty, '');
    const first = await diff([other, path.join(folder, 'none.xml')]);
    expect(first).toMatchObject({ code: 2, stdout: '' });
    expect(first.stderr).toMatch(/other.xml, line 2, column \d+: .*first element is <html>/);
    expect(first.stderr).toContain('none.xml: there is no such file');
    const second = await diff([folder, empty]);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain('that is a folder');
    expect(second.stderr).toContain('empty.xml, line 1, column 1: it ends before anything of nmap');
  });

  it.each([
    ['another closing tag', '<host></port>'],
    ['an attribute twice', host('10.0.0.1').replace('<ports>', '<ports a="1" a="2">')],
    ['an unknown reference', host('10.0.0.1').replace('<ports>', '<ports a="&x;">')],
    ['a tag without its end', host('10.0.0.1').replace('</ports>', '</ports')],
    ['a character that is none', host('10.0.0.1').replace('</ports>', '\u0000</ports>')],
  ])('a host that is broken in both files alike: %s', async (_what, broken) => {
    const file = await write('broken.xml', [broken]);
    const { code, stdout, stderr } = await diff([file, file]);
    expect(stderr).toMatch(/broken.xml, line [34], column \d+: /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    [['-', '-'], /standard input/],
    [['a', 'b', '--json', '--text'], /one of --text/],
    [['a', 'b', '--only', 'host.new,ports', '--coverage', '--xml'], /--coverage.*\n"ports" is no/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await diff(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
