import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One `import` or `export … from` of a source. */
export interface Import {
  /** A path from the root (`core/src/target/target.ts`), or the specifier of a package or built-in. */
  readonly to: string;
  /** Whether it lies in this repository. */
  readonly own: boolean;
  /** The names between the braces, as written; `*` and default imports under their local name. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

export interface Source {
  /** From the root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const SOURCES = [
  '{core,server,web}/src/**/*.{ts,tsx}',
  '{bench,e2e,lab}/**/*.ts',
  '{.,scripts/**}/*.{ts,mjs}',
];

/** Reads all sources of the house, tests as well, in the order of their paths. */
export function readSources(root: string): Source[] {
  const files = globSync(SOURCES, { cwd: root });
  return [...new Set(files.map((file) => path.normalize(file)))]
    .sort()
    .map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8')));
}

/** Finds the imports of one source, of which the whole text is given. Comments are not looked into. */
export function parseSource(file: string, text: string): Source {
  const code = text.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*$)/gm, '');
  const imports = [...code.matchAll(STATIC), ...code.matchAll(BARE)].map(({ groups = {} }) =>
    describeImport(file, groups),
  );
  return { file, text, imports };
}

const STATIC =
  /^(?:import|export)\s+(?<type>type\s+)?(?<local>[\w$*][\w$\s*]*)?,?\s*(?:\{(?<braces>[^}]*)\})?\s*from\s*'(?<specifier>[^']+)'/gm;
/** For its effects alone, or while it runs. */
const BARE = /(?:^import\s*|\bimport\(\s*)'(?<specifier>[^']+)'/gm;

function describeImport(file: string, found: Record<string, string | undefined>): Import {
  const { specifier = '', type, local, braces } = found;
  const named = braces?.split(',').map((name) => name.trim()) ?? [];
  const names = [local?.trim() ?? '', ...named].filter(Boolean);
  const typeOnly =
    Boolean(type) || (names.length > 0 && names.every((name) => /^type /.test(name)));
  return { ...resolve(file, specifier), names, typeOnly };
}

const CORE = '@netdelta/core/';

function resolve(file: string, specifier: string): Pick<Import, 'to' | 'own'> {
  if (specifier.startsWith(CORE))
    return { to: `core/src/${specifier.slice(CORE.length)}`, own: true };
  if (!specifier.startsWith('.')) return { to: specifier, own: false };
  return { to: path.posix.join(path.posix.dirname(file), specifier), own: true };
}
