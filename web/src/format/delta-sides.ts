import type {
  EverythingSide,
  HostSide,
  ScannerSide,
  ServiceSide,
  SteadinessSide,
  SubnetSide,
  TargetSide,
} from '@netdelta/core/delta/delta.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One side of a host delta as the API carries it; null when there is none. */
export function readHostSide(side: unknown): HostSide | null {
  return read<HostSide>(side, ({ services }) => Array.isArray(services));
}

/** One side of a service delta; null when there is none. */
export function readServiceSide(side: unknown): ServiceSide | null {
  return read<ServiceSide>(
    side,
    ({ state, reason }) => typeof state === 'string' && typeof reason === 'string',
  );
}

/** One side of a delta about flapping; null when there is none. */
export function readSteadinessSide(side: unknown): SteadinessSide | null {
  return read<SteadinessSide>(side, ({ flapping }) => typeof flapping === 'boolean');
}

/** One side of a delta about a host that answers on every port; null when there is none. */
export function readEverythingSide(side: unknown): EverythingSide | null {
  return read<EverythingSide>(
    side,
    ({ answersEverything }) => typeof answersEverything === 'boolean',
  );
}

/** One side of a delta of a whole subnet; null when there is none. */
export function readSubnetSide(side: unknown): SubnetSide | null {
  return read<SubnetSide>(side, ({ addresses }) => Array.isArray(addresses));
}

/** One side of a delta about the scanner; null when there is none. */
export function readScannerSide(side: unknown): ScannerSide | null {
  return read<ScannerSide>(side, ({ sentinels }) => Array.isArray(sentinels));
}

/** How many addresses the target of a target delta makes; null for a host name. */
export function readTargetSize(side: unknown): number | null {
  return (
    read<TargetSide>(side, ({ addresses }) => typeof addresses === 'number')?.addresses ?? null
  );
}

function read<Side>(side: unknown, isOne: (fields: Fields) => boolean): Side | null {
  return typeof side === 'object' && side !== null && isOne(side as Fields) ? (side as Side) : null;
}
