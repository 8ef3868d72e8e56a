import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import { countPorts } from '@netdelta/core/snapshot/port-set.ts';
import { describe, expect, it } from 'vitest';
import { DISCOVERY_PORTS, listCommonPorts } from './common-ports.ts';
import { planConnect } from './plan.ts';

const plan = (input: ScanOptionsInput) => planConnect(scanOptions.parse(input));

describe('the plan', () => {
  it('asks the listed ports, with the times that were given', () => {
    expect(
      plan({ tcp: { kind: 'list', ports: '22,80-82' }, probeTimeoutMs: 300, maxRetries: 0 }),
    ).toMatchObject({
      ports: [22, 80, 81, 82],
      timeouts: { ceilingMs: 300 },
      attempts: 1,
      omitted: [],
    });
    expect(plan({})).toMatchObject({ discovery: DISCOVERY_PORTS, attempts: null });
  });

  it('covers nothing when only discovery is asked', () => {
    const none = { kind: 'none' } as const;
    expect(plan({ tcp: none })).toMatchObject({ discovery: DISCOVERY_PORTS, covered: [] });
    const discovery = { kind: 'probes', tcpSynPorts: '22', tcpAckPorts: '443' } as const;
    expect(plan({ tcp: none, discovery })).toMatchObject({ discovery: [22, 443], covered: [] });
  });

  it('asks nothing when only UDP is asked, and says so', () => {
    const asked = plan({ tcp: { kind: 'none' }, udp: { kind: 'top', count: 5 } });
    expect(asked).toMatchObject({
      discovery: [],
      ports: [],
      lacksPorts: true,
      omitted: ['UDP ports'],
    });
  });

  it('waits less than a second, so that one connect is one SYN', () => {
    expect(plan({}).timeouts.ceilingMs).toBeLessThan(1000);
  });

  it('asks all addresses where discovery is skipped', () => {
    expect(plan({ discovery: { kind: 'skip' } }).discovery).toEqual([]);
  });

  it("takes nmap's own list of common ports where there is one, the likeliest first", () => {
    const options = scanOptions.parse({ tcp: { kind: 'top', count: 4 } });
    const { ports, covered } = planConnect(options, { topPorts: '7,21,80,9999' });
    expect(ports).toEqual([80, 21, 7, 9999]);
    expect(countPorts(covered)).toBe(4);
  });

  it.each([
    [{ timing: 0 }, 100_000, 1],
    [{ timing: 4 }, 100_000, 1000],
    [{ timing: 4 }, 512, 256],
    [{ timing: 0, minRate: 1000 }, 100_000, 300],
  ])('with %o and %i open files has %i sockets', (input, openFiles, sockets) => {
    expect(planConnect(scanOptions.parse(input), { openFiles }).sockets).toBe(sockets);
  });

  it('names all that a connect cannot do', () => {
    const asked = plan({ osDetection: true, scripts: ['banner'], tcpTechnique: 'syn' });
    expect(asked.omitted).toHaveLength(3);
    expect(asked.lacksPorts).toBe(false);
  });
});

describe('the common ports', () => {
  it.each([1, 100, 1000, 65_535])('%i of them are different and valid', (count) => {
    const ports = listCommonPorts(count);
    expect(new Set(ports).size).toBe(count);
    expect(ports.every((port) => port >= 1 && port <= 65_535)).toBe(true);
  });

  it('begin with what listens most, and a longer list begins with the shorter', () => {
    expect(listCommonPorts(100)).toEqual(
      expect.arrayContaining([21, 22, 23, 25, 53, 80, 110, 143, 443, 445, 3306, 3389, 5432, 8080]),
    );
    expect(listCommonPorts(1000).slice(0, 100)).toEqual(listCommonPorts(100));
    expect(countPorts(plan({}).covered)).toBe(1000);
  });
});
