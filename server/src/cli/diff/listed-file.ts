import type { ListingFacts } from '../../formats/nmap/listing-reader.ts';

/** A file that was read as it stands there. */
export interface ListedFile {
  readonly name: string;
  readonly facts: ListingFacts;
  /** How many hosts it lists. */
  readonly hosts: number;
}

export type ListedComparison<Told> =
  | {
      readonly ok: true;
      readonly files: readonly [ListedFile, ListedFile];
      readonly told: readonly Told[];
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What a person should know of a file, whose last place is `at`, before believing it. */
export function listWarnings({ name, facts, hosts }: ListedFile, at: string): string[] {
  const { truncated, exit, errorMessage, warnings } = facts;
  return [
    ...(truncated
      ? [
          `${at}: the file ends before its last tag. Only what is whole counts (hosts: ${hosts}); what it does not list looks gone, unless you compare with --coverage.`,
        ]
      : []),
    ...(exit === 'error'
      ? [`${name}: the scan did not end well${errorMessage ? ` (${errorMessage})` : ''}.`]
      : []),
    ...warnings.map((warning) => `${name}: ${warning}.`),
  ];
}
