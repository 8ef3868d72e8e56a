import { describe, expect, it } from 'vitest';
import { type PackedSight, packByBase, packSight, unpackSight } from './packed-sight.ts';

/** A shard of which `changed` hosts are not as they were, and each tells something of its own. */
function buildPacked(changed: number, hosts = 256): PackedSight {
  const observe = (at: number) => ({
    address: `10.0.${at >> 8}.${at & 255}`,
    status: 'up' as const,
    reason: `${Math.imul(at + (at < changed ? 7_777 : 0), 2_654_435_761)} ${Math.sin(at + (at < changed ? 1 : 0))}`,
    names: [],
    endpoints: [],
    rest: [],
    covered: { tcp: [], udp: [] },
  });
  const snapshot = { hosts: Array.from({ length: hosts }, (_, at) => observe(at)), uncovered: [] };
  return {
    way: 'connect',
    sight: { snapshot, findings: [], sentinels: [], path: 'clear', openDecoys: {} },
  };
}

async function buildBase(packed: PackedSight) {
  const { base } = await packByBase(packed, undefined);
  if (!('anew' in base)) throw new Error('a first sight begins a base');
  return { id: '1', sight: base.anew };
}

describe('packByBase', () => {
  it('begins a base with the first sight, whole and readable by itself', async () => {
    const first = buildPacked(0);
    const base = await buildBase(first);
    expect(await unpackSight(base.sight, null)).toEqual(first);
    expect(base.sight).toEqual(await packSight(first));
  });

  it('keeps what is as before in next to nothing, and reads it back', async () => {
    const base = await buildBase(buildPacked(0));
    const { sight, base: by } = await packByBase(buildPacked(0), base);
    expect(by).toEqual({ id: '1' });
    expect(sight.length).toBeLessThan(100);
    expect(await unpackSight(sight, base.sight)).toEqual(buildPacked(0));
  });

  it('keeps what differs a little as that, and what differs much as a new base', async () => {
    const base = await buildBase(buildPacked(0));
    const little = await packByBase(buildPacked(5), base);
    expect(little.base).toEqual({ id: '1' });
    expect(await unpackSight(little.sight, base.sight)).toEqual(buildPacked(5));
    const much = await packByBase(buildPacked(200), base);
    expect(much.base).toHaveProperty('anew');
    expect(await unpackSight(much.sight, await packSight(buildPacked(200)))).toEqual(
      buildPacked(200),
    );
  });

  it('reaches back over sights of some megabytes', async () => {
    const base = await buildBase(buildPacked(0, 60_000));
    const { sight, base: by } = await packByBase(buildPacked(3, 60_000), base);
    expect(by).toEqual({ id: '1' });
    expect(sight.length).toBeLessThan(base.sight.length / 50);
    expect(await unpackSight(sight, base.sight)).toEqual(buildPacked(3, 60_000));
  });
});
