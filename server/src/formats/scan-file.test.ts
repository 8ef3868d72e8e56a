import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openScanFile } from './open-scan-file.ts';
import { readScanFile } from './read-scan-file.ts';
import { readBytes } from './testing/read-bytes.ts';

const MASSCAN = path.join(import.meta.dirname, 'masscan/corpus');
const bytesOf = (name: string) => readFileSync(path.join(MASSCAN, name));
const recorded = JSON.parse(readFileSync(path.join(MASSCAN, 'expected.json'), 'utf8'));
const BEGAN = 1_390_380_064;

describe('masscan in all its forms says the same of the same hosts', () => {
  it.each([
    [
      'banners.xml',
      { format: 'masscan-xml', version: '1.0-BETA', end: BEGAN + 20, exit: 'success' },
    ],
    ['banners.json', { format: 'masscan-json', end: BEGAN + 14, exit: 'success' }],
    ['comma-at-end.json', { format: 'masscan-json', end: BEGAN + 14, exit: 'success' }],
    ['old-keys.json', { format: 'masscan-json', end: BEGAN + 14, exit: 'success' }],
    ['pretty.json', { format: 'masscan-json', end: BEGAN + 14, exit: 'success' }],
    ['lines.ndjson', { format: 'masscan-json', end: BEGAN + 14, exit: null }],
    ['banners.txt', { format: 'masscan-list', end: BEGAN + 14, exit: 'success' }],
  ])('%s', async (name, facts) => {
    for (const size of [1, 7, 65_536]) {
      const outcome = await readBytes(bytesOf(name), size);
      expect(outcome.facts).toMatchObject({ ...facts, scanner: 'masscan', start: BEGAN });
      expect(outcome).toMatchObject({ ok: true, facts: { truncated: false } });
      expect(outcome.snapshot).toEqual(recorded);
    }
  });

  it.each([
    ['no-end.json', 22, 121],
    ['truncated.txt', 12, 42],
  ])('%s is cut off, and read as far as it is whole', async (name, line, column) => {
    const outcome = await readBytes(bytesOf(name));
    expect(outcome).toMatchObject({ ok: true, facts: { truncated: true, exit: null } });
    expect(outcome).toHaveProperty(
      'warning',
      `scan, line ${line}, column ${column}: the file ends before its last words. Only what is whole counts (hosts: 4).`,
    );
    expect(outcome.snapshot).toEqual(recorded);
  });

  it('claims no more to be covered than is listed', () => {
    for (const { covered, endpoints } of recorded.hosts)
      expect([...covered.tcp, ...covered.udp].flat().length > 0).toBe(endpoints.length > 0);
  });
});

const host = (address: string, inner = '') =>
  `<host><status state="up" reason="reset"/><address addr="${address}" addrtype="ipv4"/>${inner}</host>`;
const document = (
  inner: string,
  { head = '<?xml version="1.0"?>', args = 'nmap -sn 10.0.0.0/30' } = {},
) =>
  `${head}\n<nmaprun scanner="nmap" version="7.93" args="${args}" start="1700000000">\n${inner}\n<runstats><finished time="1700000100" exit="success"/></runstats></nmaprun>\n`;
const named = (name: string) =>
  host('10.0.0.1', `<hostnames><hostname name="${name}" type="PTR"/></hostnames>`);

describe('packed files', () => {
  const xml = Buffer.from(document(host('10.0.0.1') + host('10.0.0.2')));
  const random = Buffer.from(
    document(
      Array.from({ length: 5_000 }, (_, at) => host(`10.${at % 97}.${at >> 8}.${at & 255}`)).join(
        '\n',
      ),
    ),
  );

  it.each([
    ['gzip', gzipSync(xml)],
    [
      'gzip, of several members',
      Buffer.concat([gzipSync(xml.subarray(0, 99)), gzipSync(xml.subarray(99))]),
    ],
    ['zstd', zstdCompressSync(xml)],
  ])('%s', async (_name, packed) => {
    for (const size of [1, 65_536]) {
      const { ok, snapshot, facts } = await readBytes(packed, size);
      expect({ ok, format: facts.format, hosts: snapshot.hosts.length }).toEqual({
        ok: true,
        format: 'nmap-xml',
        hosts: 2,
      });
    }
  });

  it.each([
    ['gzip', gzipSync(random)],
    ['zstd', zstdCompressSync(random)],
  ])('%s that is cut off gives what there is', async (_name, packed) => {
    const outcome = await readBytes(packed.subarray(0, packed.length * 0.9), 1_024);
    expect(outcome).toMatchObject({ ok: true, facts: { truncated: true } });
    expect(outcome.snapshot.hosts.length).toBeGreaterThan(100);
  });

  it.each([
    ['gzip', gzipSync(random)],
    ['zstd', zstdCompressSync(random, { params: {} })],
  ])('%s that is damaged is a problem, and no more', async (_name, packed) => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xa5, packed.length * 0.5, packed.length * 0.5 + 64);
    const outcome = await readBytes(damaged, 1_024);
    expect(outcome.ok ? '' : outcome.problem).toMatch(/^scan(: its packing is damaged|, line \d+)/);
  });
});

describe('encodings', () => {
  const utf16 = (text: string, big = false) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return big ? bytes.swap16() : bytes;
  };
  const text = document(named('прінтер.example'));
  it.each([
    ['UTF-8', Buffer.from(text), 'прінтер.example'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'прінтер.example'],
    ['UTF-16 of Windows', utf16(text), 'прінтер.example'],
    ['UTF-16, the other way', utf16(text, true), 'прінтер.example'],
    ['UTF-16 without a mark', utf16(text).subarray(2), 'прінтер.example'],
    [
      'UTF-16 that is none',
      Buffer.from(document(named('a'), { head: '<?xml version="1.0" encoding="UTF-16"?>' })),
      'a',
    ],
    [
      'ISO 8859-1',
      Buffer.from(
        document(named('für'), { head: '<?xml version="1.0" encoding="iso-8859-1"?>' }),
        'latin1',
      ),
      'für',
    ],
    [
      'windows-1252',
      Buffer.from(
        document(named('\x80'), { head: "<?xml version='1.0' encoding='windows-1252'?>" }),
        'latin1',
      ),
      '€',
    ],
    [
      'US-ASCII',
      Buffer.from(document(named('a'), { head: '<?xml version="1.0" encoding="us-ascii"?>' })),
      'a',
    ],
    ['U+FFFD itself', Buffer.from(document(named('\ufffd'))), '\ufffd'],
  ])('%s', async (_name, bytes, expected) => {
    for (const size of [1, 3, 65_536]) {
      const outcome = await readBytes(bytes, size);
      expect(outcome.snapshot.hosts[0]?.names).toEqual([expected]);
      expect(outcome).not.toHaveProperty('warning');
    }
  });

  it('reads bytes that are no UTF-8 as U+FFFD, and says so', async () => {
    const bytes = Buffer.from(document(named('für')), 'latin1');
    const outcome = await readBytes(bytes);
    expect(outcome.snapshot.hosts[0]?.names).toEqual(['f\ufffdr']);
    expect(outcome).toMatchObject({
      warning: expect.stringMatching(/^scan: .*not utf-8 are read as U\+FFFD\.$/),
    });
  });

  it.each([
    ['bare', '\x1b[1m\x01', '\ufffd[1m\ufffd'],
    ['as references, as nmap 7.94 wrote them', '0M&#xec;&#x1;&#27;', '0Mì\ufffd\ufffd'],
  ])('reads control characters %s as U+FFFD, and says where', async (_name, name, expected) => {
    for (const size of [1, 65_536]) {
      const outcome = await readBytes(Buffer.from(document(`\n${named(name)}`)), size);
      expect(outcome.snapshot.hosts[0]?.names).toEqual([expected]);
      expect(outcome).toMatchObject({
        ok: true,
        warning: expect.stringMatching(/from line 4, column \d+ on, control characters/),
      });
    }
  });

  it.each([
    [
      'an unknown encoding',
      document('', { head: '<?xml version="1.0" encoding="klingon"?>' }),
      /line 1, column 1: the encoding "klingon" is not known/,
    ],
    ['NUL', document(`${host('10.0.0.1')}\n\0\0\0`), /line 4, column 2: a NUL byte/],
  ])('says of %s what to do', async (_name, text, problem) => {
    const outcome = await readBytes(Buffer.from(text));
    expect(outcome.ok ? '' : outcome.problem).toMatch(problem);
  });
});

describe('several runs in one file', () => {
  const first = document(host('10.0.0.1') + host('10.0.0.2'), { args: 'nmap A' });
  const second = document(named('later'), { args: 'nmap B' }).replaceAll('17000001', '17000009');

  it('count as one, and the last word on a host counts', async () => {
    const { facts, snapshot, ...outcome } = await readBytes(Buffer.from(first + second));
    expect(facts).toMatchObject({
      runs: 2,
      args: '',
      start: 1_700_000_000,
      end: 1_700_000_900,
      exit: 'success',
      truncated: false,
    });
    expect(snapshot.hosts.map(({ address, names }) => [address, ...names])).toEqual([
      ['10.0.0.1', 'later'],
      ['10.0.0.2'],
    ]);
    expect(outcome).toMatchObject({ warning: 'scan: it holds 2 runs, which count as one.' });
  });

  it('are cut off when one of them is', async () => {
    const { facts, snapshot } = await readBytes(
      Buffer.from(first.replace(/<runstats.*/s, '') + second),
    );
    expect(facts).toMatchObject({ runs: 2, exit: null, truncated: true });
    expect(snapshot.hosts).toHaveLength(2);
  });
});

describe('what is no scan is refused in words', () => {
  it.each([
    ['', /scan, line 1, column 1: it ends before anything of a scan/],
    ['hello', /scan, line 1, column 1: this is no scan\. Give XML of nmap/],
    ['# Nmap 7.93 scan initiated Mon as: nmap -oN x 10.0.0.1\n', /nmap's output for people/],
    ['Host: 10.0.0.1 ()\tPorts: 80/open', /grepable output/],
    ['masscan/1.1\0\0\0', /binary output.*--readscan/],
    ['PK\x03\x04aaaaaaaaaaaa', /line 1, column 1: this is packed \(zip\)/],
    ['BZh91AY&SY', /this is packed \(bzip2\)/],
    ['<html></html>', /line 1, column 7: this is not nmap XML: its first element is <html>/],
    ['{"a": 1}', /line 1, column 1: this record has no "ip"/],
    ['[{"ip": "10.0.0.1"}]', /has no list of "ports"/],
    [
      '[\n{"ip": "x", "ports": [{"port": 1, "proto": "tcp"}]}]',
      /line 2, column 1: "x" is not an IP address/,
    ],
    [
      '[{"ip": "10.0.0.1", "ports": [{"port": 65536, "proto": "tcp"}]}]',
      /65536 is not a port number/,
    ],
    [
      '[{"ip": "10.0.0.1", "ports": [{"port": 1, "proto": "tcp", "status": "odd"}]}]',
      /"odd" is neither open nor closed/,
    ],
    ['[1]', /"1" is not JSON of masscan/],
    ['{{{{{{{{{{{{{{{{{{{{', /lie too deep/],
    [
      '#masscan\nopen tcp 80 10.0.0.1 1\nwhat is this\n',
      /line 3, column 1: "what is this" is not a line of masscan -oL/,
    ],
    ['#masscan\nopen tcp 80 10.0.0.300 1\n', /line 2, column 1: "10.0.0.300" is not an IP address/],
  ])('%j', async (text, problem) => {
    for (const size of [1, 65_536]) {
      const outcome = await readBytes(Buffer.from(text, 'latin1'), size);
      expect(outcome.ok ? '' : outcome.problem).toMatch(problem);
    }
  });

  it('as is a file that is not there, or a folder', async () => {
    const read = (name: string) =>
      readScanFile(
        openScanFile(name, () => Readable.from([])),
        { onHost: () => undefined },
      );
    expect(await read('/none.xml')).toMatchObject({
      ok: false,
      problem: '/none.xml: there is no such file.',
    });
    expect(await read('/')).toMatchObject({ problem: '/: that is a folder; give a file.' });
  });
});
