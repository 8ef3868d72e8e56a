import { buildSeen } from '@netdelta/core/host/build-observation.ts';
import { parseTargets } from '@netdelta/core/target/parse-targets.ts';
import { rangesLeft } from '@netdelta/core/target/target-ranges.ts';
import { describe, expect, it } from 'vitest';
import { createIntake } from './intake.ts';

const ranges = (text: string) => rangesLeft(parseTargets(text).targets, []);
const seen = (address: string, names: string[] = []) =>
  ({ kind: 'seen', host: { ...buildSeen([], { address }), names } }) as const;

describe('the intake of a file', () => {
  it('cuts shards of 256 addresses, and keeps the last until nothing more comes', () => {
    const intake = createIntake({ ranges: ranges('10.0.0.0/16'), names: new Set() });
    for (let at = 0; at < 600; at += 1) intake.take(seen(`10.0.${at >> 8}.${at & 255}`));
    const sizes = [intake.next(), intake.next(), intake.next()].map((one) => one?.hosts.length);
    expect(sizes).toEqual([256, 256, undefined]);
    expect(intake.rest().map(({ hosts }) => hosts.length)).toEqual([88]);
  });

  it('takes each address once, and what is no target not at all', () => {
    const intake = createIntake({ ranges: ranges('10.0.0.1'), names: new Set(['web.test']) });
    const timedOut = { address: '10.0.0.1', reason: 'host-timeout' } as const;
    intake.take({ kind: 'uncovered', host: timedOut });
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.2']) intake.take(seen(address));
    intake.take(seen('10.0.0.3', ['other.test', 'web.test']));
    const [shard] = intake.rest();
    expect(shard?.uncovered).toEqual([timedOut]);
    expect(shard?.hosts.map(({ address }) => address)).toEqual(['10.0.0.3']);
    expect(shard?.names).toEqual({ '10.0.0.3': 'web.test' });
    expect(intake.leftOut()).toBe(1);
  });
});
