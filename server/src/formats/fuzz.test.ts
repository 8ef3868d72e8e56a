import { describe, expect, it } from 'vitest';
import { buildFuzzed, createRandom, findFailure, readCorpus } from './testing/fuzz.ts';
import { readBytes } from './testing/read-bytes.ts';

const corpus = readCorpus();
/** How far apart the ends of cut files are, bytes: a prime, so that they fall anywhere in a tag. */
const STEP = 97;

describe('files that are damaged anyhow', () => {
  it('never throw, and say the same in pieces of any size and as saxes does', async () => {
    for (let seed = 0; seed < 1_500; seed += 1)
      expect(await findFailure(seed, buildFuzzed(seed, corpus))).toBeNull();
  });

  it('may be nothing but noise', async () => {
    const random = createRandom(5);
    for (let time = 0; time < 200; time += 1) {
      const bytes = Buffer.from(Array.from({ length: random(300) }, () => random(256)));
      expect((await readBytes(bytes)).ok).toBe(false);
      expect(await findFailure(time, bytes)).toBeNull();
    }
  });
});

it('a file that is cut anywhere gives the first of its hosts, or says what is wrong', async () => {
  for (const bytes of corpus) {
    const whole = await readBytes(bytes);
    for (let at = 0; at < bytes.length; at += STEP) {
      const cut = await readBytes(bytes.subarray(0, at));
      const { hosts } = cut.snapshot;
      const { format } = whole.facts;
      if (format === 'nmap-xml') expect(hosts).toEqual(whole.snapshot.hosts.slice(0, hosts.length));
      const addresses = whole.snapshot.hosts.slice(0, hosts.length).map(({ address }) => address);
      expect(hosts.map(({ address }) => address)).toEqual(addresses);
      if (!whole.ok || at > bytes.length - 12) continue;
      const told = cut.ok ? 'warning' in cut || cut.facts.exit === null : cut.problem !== '';
      expect(told).toBe(true);
    }
  }
});
