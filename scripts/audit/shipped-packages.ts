/** What npm's lock file (version 3) says of one place of node_modules, as far as it matters here. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  /** A workspace: `resolved` is its folder. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface LockFile {
  /** By their places: `''` is the repository, `server` a workspace, `node_modules/pg` a package. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** As its maker declares it; null where the lock file does not know. */
  readonly licence: string | null;
}

const MODULES = 'node_modules/';

/**
 * All packages that NetDelta needs to run, or has in its pages: what is reached from the repository and
 * its workspaces without their devDependencies, for all platforms. By name and version.
 */
export function listShippedPackages({ packages }: LockFile): ShippedPackage[] {
  const workspaces = Object.entries(packages).flatMap(([place, { link, resolved }]) =>
    place.startsWith(MODULES) && link && resolved ? [resolved] : [],
  );
  const waiting = ['', ...workspaces];
  const seen = new Set(waiting);
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop())
    for (const name of namesNeeded(packages[place] ?? {})) {
      const found = resolve(packages, place, name);
      if (found === null || seen.has(found)) continue;
      seen.add(found);
      waiting.push(found);
    }
  const shipped = [...seen].filter((place) => place.includes(MODULES) && !packages[place]?.link);
  const all = shipped.map((place) => describe(place, packages[place] ?? {}));
  const byText = new Map(all.map((one) => [`${one.name} ${one.version}`, one]));
  return [...byText.keys()].sort().flatMap((key) => byText.get(key) ?? []);
}

function namesNeeded(found: LockedPackage): string[] {
  const optional = found.peerDependenciesMeta ?? {};
  const peers = Object.keys(found.peerDependencies ?? {}).filter(
    (name) => !optional[name]?.optional,
  );
  return [
    ...Object.keys(found.dependencies ?? {}),
    ...Object.keys(found.optionalDependencies ?? {}),
    ...peers,
  ];
}

/** As Node looks: in the package's own node_modules, then in those above. Null: not there on any platform. */
function resolve(packages: LockFile['packages'], from: string, name: string): string | null {
  for (let place = from; ; place = place.slice(0, Math.max(place.lastIndexOf('/'), 0))) {
    const candidate = place === '' ? `${MODULES}${name}` : `${place}/${MODULES}${name}`;
    if (packages[candidate]) return candidate;
    if (place === '') return null;
  }
}

function describe(place: string, { version = '?', license }: LockedPackage): ShippedPackage {
  const name = place.slice(place.lastIndexOf(MODULES) + MODULES.length);
  return { name, version, licence: license ?? null };
}
