import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type NmapRun, readNmapXml } from './parse.ts';

const CORPUS = new URL('./corpus/', import.meta.url);
const cases = readdirSync(CORPUS).filter((name) => name.endsWith('.xml'));
const bytesOf = (name: string) => readFileSync(new URL(name, CORPUS));
const expected = (name: string): NmapRun =>
  JSON.parse(readFileSync(new URL(name.replace('.xml', '.json'), CORPUS), 'utf8'));

function read(bytes: Buffer, sizeOf: () => number = () => bytes.length || 1): Promise<NmapRun> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, sizeOf());
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return readNmapXml(Readable.from(chunks));
}

/** A repeatable row of sizes, 1 to 64. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (state % 64);
  };
}

describe.each(cases)('%s', (name) => {
  it('is read as recorded', async () => {
    expect(await read(bytesOf(name))).toEqual(expected(name));
  });

  it('is read the same in pieces of any size', async () => {
    for (const sizeOf of [() => 1, pseudoRandom(7), pseudoRandom(41)])
      expect(await read(bytesOf(name), sizeOf)).toEqual(expected(name));
  });

  it('cut anywhere, gives only hosts that the whole has, and says that it is cut', async () => {
    const bytes = bytesOf(name);
    const whole = expected(name);
    for (let at = 0; at < bytes.length - 12; at += 1 + Math.floor(bytes.length / 150)) {
      const cut = await read(bytes.subarray(0, at));
      expect(cut.truncated || cut.problem !== undefined).toBe(true);
      expect(whole.snapshot.hosts).toEqual(expect.arrayContaining([...cut.snapshot.hosts]));
      const known = [...whole.snapshot.hosts, ...whole.snapshot.uncovered].map((h) => h.address);
      expect(known).toEqual(
        expect.arrayContaining(cut.snapshot.uncovered.map(({ address }) => address)),
      );
    }
  });
});

describe('what is not nmap XML', () => {
  it.each([
    ['entity-bomb.xml', /declares entities/, 5],
    ['entity-unknown.xml', /undefined entity/, 3],
    ['not-nmap.xml', /first element is <html>/, 1],
    ['bad-port.xml', /"70000" is not a port/, 4],
    ['bad-address.xml', /"router.example" is not an IP address/, 2],
  ])('%s is refused with its place', async (name, message, line) => {
    const { problem, snapshot } = await read(bytesOf(name));
    expect(problem?.message).toMatch(message);
    expect(problem?.line).toBe(line);
    expect(snapshot.hosts).toEqual([]);
  });
});

it('keeps letters of several bytes whole across pieces', async () => {
  const xml = `<nmaprun scanner="nmap" version="7.93"><host><status state="up" reason="reset"/><address addr="2001:DB8:0::7" addrtype="ipv6"/><hostnames><hostname name="прінтер.example"/></hostnames></host></nmaprun>`;
  const { snapshot } = await read(Buffer.from(xml), () => 1);
  expect(snapshot.hosts[0]).toMatchObject({ address: '2001:db8::7', names: ['прінтер.example'] });
});
