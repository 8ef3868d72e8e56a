import { describe, expect, it } from 'vitest';
import { parseScanRequest, type ScanWords } from './parse-request.ts';

const parse = (words: Partial<ScanWords>) =>
  parseScanRequest({ targets: ['127.0.0.1'], exclude: [], ...words });

describe('ports', () => {
  it.each([
    ['22,80', { kind: 'list', ports: '22,80' }],
    ['top100', { kind: 'top', count: 100 }],
    ['all', { kind: 'all' }],
    ['-', { kind: 'all' }],
    ['none', { kind: 'none' }],
  ])('%s', (ports, tcp) => {
    expect(parse({ ports })).toMatchObject({ ok: true, options: { tcp } });
  });
});

it('takes what nmap takes by default, without version detection', () => {
  expect(parse({})).toMatchObject({
    options: { tcp: { kind: 'top', count: 1000 }, timing: 4, serviceDetection: false },
    set: { targets: [{ text: '127.0.0.1' }] },
  });
});

it('lists all that is wrong, each with its place', () => {
  const outcome = parse({
    targets: ['10.0.0.300', 'a..b'],
    exclude: ['10.0.0.1/99'],
    ports: '22,x',
    udpPorts: '70000',
    engine: 'masscan',
    timing: '9',
  });
  expect(outcome.ok ? [] : outcome.problems).toEqual([
    expect.stringMatching(/^10\.0\.0\.300: 300 is above 255/),
    expect.stringMatching(/^a\.\.b: has an empty part/),
    expect.stringMatching(/^10\.0\.0\.1\/99: "\/99" is not a prefix length/),
    expect.stringMatching(/^--engine: /),
    expect.stringMatching(/^--ports: "x" is not a port/),
    expect.stringMatching(/^--udp-ports: "70000" is not a port/),
    expect.stringMatching(/^--timing: /),
  ]);
});

it('refuses more than it can hold', () => {
  const outcome = parse({ targets: ['10.0.0.0/8'] });
  expect(outcome).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('make 16,777,216 addresses')],
  });
});
