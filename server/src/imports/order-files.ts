import type { InspectedFile } from './inspect-file.ts';

/** A file with its place in time. */
export interface DatedFile extends InspectedFile {
  /** When the scan was over: what it saw is believed from then on. */
  readonly at: Date;
}

export interface FileOrder {
  readonly dated: readonly DatedFile[];
  /** Files that do not say when their scan was. */
  readonly timeless: readonly InspectedFile[];
  /** Files that hold the same as another one, and which. */
  readonly doubles: readonly { readonly file: InspectedFile; readonly of: InspectedFile }[];
}

/**
 * Puts files in the order in which they are to be judged: by the end of their scans, whatever the
 * order in which they were named. `at`: the time of the one that tells none. Pure.
 */
export function orderFiles(files: readonly InspectedFile[], at: Date | null): FileOrder {
  const first = new Map<string, InspectedFile>();
  const doubles: { file: InspectedFile; of: InspectedFile }[] = [];
  for (const file of files) {
    const of = first.get(file.digest.toString('hex'));
    if (of) doubles.push({ file, of });
    else first.set(file.digest.toString('hex'), file);
  }
  const kept = [...first.values()];
  const silent = kept.filter(({ endedAt }) => endedAt === null);
  const helped = silent.length === 1 ? at : null;
  const dated = kept.flatMap((file) => {
    const time = file.endedAt ?? helped;
    return time ? [{ ...file, at: time }] : [];
  });
  return { dated: dated.sort(byTime), timeless: helped ? [] : silent, doubles };
}

function byTime(one: DatedFile, other: DatedFile): number {
  const start = ({ startedAt, at }: DatedFile) => (startedAt ?? at).getTime();
  return (
    one.at.getTime() - other.at.getTime() ||
    start(one) - start(other) ||
    (one.name < other.name ? -1 : 1)
  );
}
