import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countPorts,
  formatPortSet,
  hasPort,
  listPorts,
  parsePortSet,
  portSetOf,
  subtractPorts,
  unionPorts,
} from './port-set.ts';

const anyPorts = fc.array(fc.integer({ min: 0, max: 300 })).map(portSetOf);

describe('parsePortSet', () => {
  it('merges, sorts and lists every problem', () => {
    expect(parsePortSet('443, 22 20-21,8000-8002,8002')).toEqual({
      ports: [
        [20, 22],
        [443, 443],
        [8000, 8002],
      ],
      problems: [],
    });
    expect(parsePortSet('x,70000,9-3').problems).toHaveLength(3);
  });

  it('is the inverse of formatPortSet', () => {
    fc.assert(
      fc.property(anyPorts, (ports) => {
        expect(parsePortSet(formatPortSet(ports)).ports).toEqual(ports);
      }),
    );
  });
});

describe('the set operations agree with those of plain sets', () => {
  it('union, difference, membership, size', () => {
    fc.assert(
      fc.property(anyPorts, anyPorts, (a, b) => {
        const [plainA, plainB] = [new Set(listPorts(a)), new Set(listPorts(b))];
        expect(new Set(listPorts(unionPorts(a, b)))).toEqual(plainA.union(plainB));
        expect(new Set(listPorts(subtractPorts(a, b)))).toEqual(plainA.difference(plainB));
        expect(countPorts(a)).toBe(plainA.size);
        for (let port = 0; port <= 300; port += 1) expect(hasPort(a, port)).toBe(plainA.has(port));
      }),
    );
  });
});
