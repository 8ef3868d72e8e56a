/** A set of port numbers as sorted, disjoint, non-adjacent, inclusive ranges. */
export type PortSet = readonly (readonly [from: number, to: number])[];

export const NO_PORTS: PortSet = [];

const PORT_LIST_PART = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * Reads a port list in nmap's form: `22,80,8000-8100`.
 * Returns every part that is not a port or a range within 0–65535 as a problem.
 */
export function parsePortSet(text: string): { ports: PortSet; problems: string[] } {
  const ranges: [number, number][] = [];
  const problems: string[] = [];
  for (const part of text.split(/[\s,]+/).filter((piece) => piece !== '')) {
    const match = PORT_LIST_PART.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match && from <= to && to <= 65_535) ranges.push([from, to]);
    else problems.push(`"${part}" is not a port (0-65535) or a range such as 8000-8100`);
  }
  return { ports: normalisePorts(ranges), problems };
}

/** Sorts and merges any ranges into a PortSet. */
export function normalisePorts(ranges: Iterable<readonly [number, number]>): PortSet {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Makes a PortSet of single ports, in any order, repeated or not. */
export function portSetOf(ports: Iterable<number>): PortSet {
  return normalisePorts([...ports].map((port) => [port, port] as const));
}

/** Writes a port list in nmap's form, the inverse of parsePortSet: `22,8000-8100`. */
export function formatPortSet(ports: PortSet): string {
  return ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** Tells whether the port is in the set, in O(log ranges). */
export function hasPort(ports: PortSet, port: number): boolean {
  let low = 0;
  let high = ports.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ports[middle] as readonly [number, number];
    if (port < from) high = middle - 1;
    else if (port > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** The ports in either set: `a` or `b` itself where that holds all of the other. */
export function unionPorts(a: PortSet, b: PortSet): PortSet {
  if (holdsAll(a, b)) return a;
  return holdsAll(b, a) ? b : normalisePorts([...a, ...b]);
}

/** Whether `all` holds every port of `some`. */
function holdsAll(all: PortSet, some: PortSet): boolean {
  if (all === some) return true;
  let at = 0;
  return some.every(([from, to]) => {
    while (at < all.length && (all[at]?.[1] ?? 0) < from) at += 1;
    const range = all[at];
    return range !== undefined && range[0] <= from && to <= range[1];
  });
}

/** The ports of `a` that are not in `b`. */
export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  const left: [number, number][] = [];
  for (const [from, to] of a) {
    let start = from;
    for (const [cutFrom, cutTo] of b) {
      if (cutTo < start || cutFrom > to) continue;
      if (cutFrom > start) left.push([start, cutFrom - 1]);
      start = cutTo + 1;
    }
    if (start <= to) left.push([start, to]);
  }
  return left;
}

/** Whether every port of `part` is in `all`, in O(ranges). */
export function includesPorts(all: PortSet, part: PortSet): boolean {
  let at = 0;
  return part.every(([from, to]) => {
    while ((all[at]?.[1] ?? Number.POSITIVE_INFINITY) < to) at += 1;
    const range = all[at];
    return range !== undefined && range[0] <= from;
  });
}

/** How many ports the set holds. */
export function countPorts(ports: PortSet): number {
  return ports.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Every port of the set, ascending. */
export function* listPorts(ports: PortSet): Generator<number> {
  for (const [from, to] of ports) for (let port = from; port <= to; port += 1) yield port;
}
