import type { Sentinel } from '../evidence/sentinel.ts';
import { formatAddress, parseAddress } from './address-range.ts';

export interface BeaconProblem {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/;
const MOST_BEACONS = 20;

/**
 * Reads beacons, one a line (`#` begins a comment): `10.0.0.1` is pinged, `10.0.0.1:443` and
 * `[2001:db8::1]:443` are asked by a TCP connect. Names are refused: when the network fails, they
 * do not resolve. All problems, with their lines; more than 20 beacons are one.
 */
export function parseBeacons(text: string): {
  readonly beacons: readonly Sentinel[];
  readonly problems: readonly BeaconProblem[];
} {
  const lines = text.split(/\r?\n/).map((raw, index) => ({
    line: index + 1,
    text: raw.replace(/#.*/, '').trim(),
  }));
  const beacons: Sentinel[] = [];
  const problems: BeaconProblem[] = [];
  for (const { line, text: one } of lines.filter((item) => item.text !== '')) {
    const beacon = parseBeacon(one);
    if (beacon) beacons.push(beacon);
    else problems.push({ line, text: one, message: EXPECTED });
  }
  const [extra] = lines.filter((item) => item.text !== '').slice(MOST_BEACONS);
  if (extra) problems.push({ ...extra, message: `at most ${MOST_BEACONS} beacons are asked` });
  return { beacons, problems };
}

const EXPECTED = 'is no address, such as 10.0.0.1, or endpoint, such as 10.0.0.1:443';

function parseBeacon(text: string): Sentinel | null {
  const [, bracketed, plain, port] = WITH_PORT.exec(text) ?? [];
  const address = parseAddress(bracketed ?? plain ?? text);
  if (!address || Number(port ?? 1) > 65_535 || Number(port ?? 1) < 1) return null;
  return {
    address: formatAddress(address.family, address.value),
    contacts: [port === undefined ? 'icmp' : `tcp/${Number(port)}`],
  };
}
