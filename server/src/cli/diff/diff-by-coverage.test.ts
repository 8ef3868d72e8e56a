import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiffCommand } from '../diff.ts';
import { runCommand } from '../testing/run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-coverage-'));
});
afterAll(() => rm(folder, { recursive: true }));

const diff = (args: readonly string[], input = '') =>
  runCommand(createDiffCommand, ['--coverage', ...args], {
    input: () => Readable.from([Buffer.from(input)]),
  });

/** Writes a scan of 10.0.0.0/29, ports 22 and 80, of which `hosts` answered. */
async function write(name: string, hosts: string, { args = '', end = END } = {}): Promise<string> {
  const file = path.join(folder, name);
  const command = `nmap -p 22,80 ${args} 10.0.0.0/29`;
  await writeFile(
    file,
    `<?xml version="1.0"?>\n<nmaprun scanner="nmap" args="${command}" start="1795507303" version="7.93">\n` +
      `<scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>\n${hosts}\n${end}`,
  );
  return file;
}

const END = '<runstats><finished time="1795507310" exit="success"/></runstats>\n</nmaprun>\n';
const host = (address: string, ...ports: string[]) =>
  `<host><status state="up" reason="echo-reply"/><address addr="${address}" addrtype="ipv4"/><ports>${ports.join('')}</ports></host>`;
const port = (number: number, state: string, product = 'nginx') =>
  `<port protocol="tcp" portid="${number}"><state state="${state}" reason="${state === 'open' ? 'syn-ack' : 'reset'}"/>` +
  `<service name="http" product="${product}" method="probed"/></port>`;

describe('what changed', () => {
  it('stands line by line under its host', async () => {
    const a = await write(
      'a.xml',
      host('10.0.0.1', port(22, 'open', 'A'), port(80, 'closed')) +
        host('10.0.0.3', port(22, 'open'), port(80, 'closed')),
    );
    const b = await write(
      'b.xml',
      host('10.0.0.1', port(22, 'open', 'B'), port(80, 'open')) +
        host('10.0.0.2', port(22, 'open'), port(80, 'closed')),
    );
    const { code, stdout, stderr } = await diff([a, b]);
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(3)).toEqual([
      '  10.0.0.1',
      '-   tcp/22     open      http, A',
      '+   tcp/22     open      http, B',
      '+   tcp/80     open      http, nginx',
      '',
      '+ 10.0.0.2 is up',
      '+   tcp/22     open      http, nginx',
      '',
      '- 10.0.0.3 is down',
      '-   tcp/22     open      http, nginx',
      '',
      '# differences: 4',
    ]);
    expect(stdout).toContain('24 Nov 2026, 08:01 UTC: nmap -p 22,80');
    expect(code).toBe(1);
  });

  it('is nothing for the same file, with -v host by host', async () => {
    const a = await write('a.xml', host('10.0.0.1', port(22, 'open'), port(80, 'closed')));
    expect(await diff([a, a])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('# no differences'),
    });
    const { stdout } = await diff([a, a, '-v']);
    expect(stdout).toContain('  10.0.0.1 did not change\n    tcp/22     open      http, nginx');
  });

  it('is JSON with a sentence each', async () => {
    const a = await write('a.xml', host('10.0.0.1', port(22, 'open'), port(80, 'closed')));
    const b = await write('b.xml', host('10.0.0.1', port(22, 'closed'), port(80, 'closed')));
    const { code, stdout } = await diff([a, b, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      before: { file: a, version: '7.93', at: '2026-11-24T08:01:50.000Z', hostsUp: 1 },
      after: { file: b, truncated: false },
      deltas: [
        {
          kind: 'service.closed',
          subject: { address: '10.0.0.1', protocol: 'tcp', port: 22 },
          sentence: '10.0.0.1: tcp/22 closed (was http, nginx)',
        },
      ],
    });
  });

  it('never holds what steers a terminal', async () => {
    const a = await write('a.xml', host('10.0.0.1', port(22, 'open', 'A&#x9b;31m&#x202e;')));
    const { stdout } = await diff([await write('b.xml', ''), a]);
    expect(stdout).toContain('A\\x9b31m\\x202e');
  });
});

it('a host of which nobody knows whether it was asked is a remark, no difference', async () => {
  const a = await write('a.xml', '', { args: '--open' });
  const b = await write('b.xml', host('10.0.0.1', port(22, 'open'), port(80, 'open')));
  const { code, stdout } = await diff([a, b]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    `# 10.0.0.1: only in ${b}; not known to be asked in ${a}, so not compared`,
  );
});

it('reads one of them from standard input', async () => {
  const a = await write('a.xml', host('10.0.0.1', port(22, 'open'), port(80, 'open')));
  const { code, stdout } = await diff([a, '-'], await readFile(a, 'utf8'));
  expect(stdout).toContain('+ standard input: nmap 7.93');
  expect(code).toBe(0);
});

it('reads a truncated file as far as it is whole, and says where it ends', async () => {
  const whole = host('10.0.0.1', port(22, 'open'), port(80, 'open'));
  const a = await write('a.xml', whole + host('10.0.0.2', port(22, 'open')));
  const b = await write('b.xml', whole, { end: '<host><status' });
  const { code, stdout, stderr } = await diff([a, b]);
  expect(stderr).toBe(
    `${b}, line 5, column 14: the file ends before its last tag. Only what is whole counts (hosts: 1).`,
  );
  expect(stdout).toContain('# 10.0.0.2: only in');
  expect(code).toBe(0);
});

describe('what cannot be compared is refused, all of it', () => {
  it('files that are missing, empty, broken or something else', async () => {
    const other = path.join(folder, 'other.xml');
    await writeFile(other, '<?xml version="1.0"?>\n<html></html>');
    const broken = await write('broken.xml', '<host></port>');
    const empty = path.join(folder, 'empty.xml');
    await writeFile(empty, '');
    const { code, stderr } = await diff([other, path.join(folder, 'none.xml')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/other.xml, line 2, column \d+: .*first element is <html>/);
    expect(stderr).toContain('none.xml: there is no such file');
    const second = await diff([broken, empty]);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/broken.xml, line 4, column 14/);
    expect(second.stderr).toContain(
      'empty.xml, line 1, column 1: it ends before anything of a scan',
    );
    expect(await diff([folder, broken])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('that is a folder'),
    });
  });

  it.each([[['a', 'b', '--xml']]])('%j', async (args) => {
    expect(await diff(args)).toMatchObject({ code: 2, stdout: '' });
  });
});
