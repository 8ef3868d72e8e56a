import type { HostDifference } from '@netdelta/core/compare/compare-listings.ts';
import { narrowDifference, type Wanted } from '@netdelta/core/compare/listed-kinds.ts';
import type { ListedFile } from './listed-file.ts';

/** What a person asked for. */
export interface ListingOptions extends Wanted {
  readonly form: 'text' | 'xml' | 'json';
  readonly verbose: boolean;
}

/** A host in the form that was asked for, and how many changes that tells. */
export interface ToldHost {
  readonly text: string;
  readonly changes: number;
}

export type Files = readonly [before: ListedFile, after: ListedFile];

/** A form of output. Hosts are put into words one by one; the rest when both files have been read. */
export interface Form {
  readonly complete: boolean;
  readonly tell: (difference: HostDifference, renamed: boolean) => ToldHost | null;
  readonly open: (files: Files) => readonly string[];
  /** What stands between two hosts, besides a line end. */
  readonly between: string;
  readonly close: (files: Files) => readonly string[];
}

/** Puts into words what is left of a difference when only some of it is wanted. */
export function tellNarrowed(
  options: ListingOptions,
  write: (difference: HostDifference) => string,
): Form['tell'] {
  return (difference, renamed) => {
    const left = narrowDifference(difference, options, renamed);
    if (left.changes === 0 && !options.verbose) return null;
    return { text: write(left), changes: left.changes };
  };
}

/** Scripts of a whole scan belong to no host, and like its times they are told, not counted. */
export function tellsScripts({ only }: Wanted): boolean {
  return only === null || only.has('script.changed');
}
