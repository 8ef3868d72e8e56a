import { describe, expect, it } from 'vitest';
import { orderByTime, startOf } from './order-by-time.ts';

describe('when a scan began', () => {
  it.each([
    ['<?xml?>\n<nmaprun scanner="nmap" args="nmap -p 1" start="1740794400" v="1">', 1_740_794_400],
    ['[\n{ "ip": "10.0.0.1", "timestamp": "1740794401", "ports": [] }', 1_740_794_401],
    ['#masscan\nopen tcp 80 10.0.0.1 1740794402\n', 1_740_794_402],
    ['hello', Number.POSITIVE_INFINITY],
  ])('%j', (head, start) => {
    expect(startOf(head)).toBe(start);
  });
});

it('puts the oldest first, packed or not, and those that do not tell last', async () => {
  const xml = (start: number) => `<nmaprun scanner="nmap" start="${start}">`;
  const packed = await new Response(
    new Blob([xml(1)]).stream().pipeThrough(new CompressionStream('gzip')),
  ).blob();
  const files = [
    new File(['?'], 'b.txt'),
    new File([xml(3)], 'three.xml'),
    new File(['?'], 'a.txt'),
    new File([packed], 'one.xml.gz'),
    new File([xml(2)], 'two.xml'),
  ];
  const names = (await orderByTime(files)).map(({ name }) => name);
  expect(names).toEqual(['one.xml.gz', 'two.xml', 'three.xml', 'a.txt', 'b.txt']);
});
