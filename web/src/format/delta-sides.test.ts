import { expect, test } from 'vitest';
import {
  readEverythingSide,
  readHostSide,
  readScannerSide,
  readServiceSide,
  readSteadinessSide,
  readSubnetSide,
  readTargetSize,
} from './delta-sides.ts';

const SIDES = {
  host: { up: true, reason: 'syn-ack', names: [], services: [] },
  service: { state: 'open', reason: 'syn-ack' },
  steadiness: { flapping: true, state: 'up', changes: 3 },
  everything: { answersEverything: true, openPorts: 1_000 },
  subnet: { up: false, addresses: ['10.0.0.1'] },
  scanner: { silentHosts: 30, sentinels: [] },
  target: { addresses: 256 },
};

const READERS = {
  host: readHostSide,
  service: readServiceSide,
  steadiness: readSteadinessSide,
  everything: readEverythingSide,
  subnet: readSubnetSide,
  scanner: readScannerSide,
  target: readTargetSize,
};

test.each(Object.entries(READERS))(
  'the side of a %s is read by its own reader alone',
  (name, read) => {
    const readable = Object.entries(SIDES).filter(([, side]) => read(side) !== null);
    expect(readable.map(([what]) => what)).toEqual([name]);
    expect(read(null)).toBeNull();
  },
);
