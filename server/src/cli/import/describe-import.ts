import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import type { FileOutcome } from '../../imports/import-files.ts';
import type { InspectedFile } from '../../imports/inspect-file.ts';

/** All that became of the files that were named. */
export interface ImportReport {
  readonly site: string;
  readonly group: { readonly name: string; readonly created: boolean };
  readonly dryRun: boolean;
  /** In the order in which they were judged. */
  readonly outcomes: readonly FileOutcome[];
  readonly doubles: readonly { readonly file: InspectedFile; readonly of: InspectedFile }[];
  /** What could not even be judged, in sentences. */
  readonly problems: readonly string[];
  /** Files in folders that are no scans. */
  readonly foreign: number;
}

/** One file's outcome as lines: what was found, then what a person has to know of it. */
export function describeOutcome(outcome: FileOutcome, timeZone: string): string[] {
  if (outcome.outcome !== 'imported') return [outcome.message];
  const { file, scan } = outcome;
  const told = scan.first
    ? "the group's first scan, which only learns"
    : countOf(scan.deltas, 'delta', describeRatings(scan.ratings));
  const seen = `${countOf(scan.hostsUp, 'host')} up, ${countOf(scan.servicesOpen, 'service')}`;
  return [
    `${describeMoment(scan.at, timeZone)}  ${file.name}: ${seen}; ${told}`,
    ...scan.problems.map((problem) => `  # ${problem}`),
  ];
}

function describeRatings(ratings: Readonly<Record<string, number>>): string {
  const parts = ['red', 'amber', 'green']
    .filter((rating) => ratings[rating])
    .map((rating) => `${ratings[rating]} ${rating}`);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function countOf(count: number, what: string, more = ''): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}${more}`;
}

/** The sum, in one line. */
export function describeSum({ outcomes, doubles, problems, dryRun, group }: ImportReport): string {
  const of = (outcome: FileOutcome['outcome']) =>
    outcomes.filter((one) => one.outcome === outcome).length;
  const deltas = outcomes.reduce(
    (sum, one) => sum + (one.outcome === 'imported' ? one.scan.deltas : 0),
    0,
  );
  const rest = [
    [of('known') + doubles.length, 'there already'],
    [of('refused'), 'refused'],
    [of('bad') + problems.length, 'that cannot be read'],
  ] as const;
  const others = rest.flatMap(([count, what]) => (count > 0 ? [`, ${count} ${what}`] : []));
  const did = dryRun ? 'would import' : 'imported';
  const into = `${group.created ? 'the new group ' : ''}"${group.name}"`;
  const nothing = dryRun ? ' Nothing was stored.' : '';
  return `${did} ${countOf(of('imported'), 'scan')} into ${into} with ${countOf(deltas, 'delta')}${others.join('')}.${nothing}`;
}

/** The whole report for programs. Times are ISO 8601. */
export function presentReport(report: ImportReport): object {
  const { outcomes, doubles, site, group, dryRun, problems, foreign } = report;
  return {
    ...{ site, group, dryRun, foreign, problems },
    files: [
      ...outcomes.map((outcome) => ({
        file: outcome.file.name,
        outcome: outcome.outcome,
        sha256: outcome.file.digest.toString('hex'),
        ...(outcome.outcome === 'imported' ? outcome.scan : { message: outcome.message }),
      })),
      ...doubles.map(({ file, of }) => ({
        file: file.name,
        outcome: 'known',
        sha256: file.digest.toString('hex'),
        message: describeDouble({ file, of }),
      })),
    ],
  };
}

export function describeDouble({ file, of }: ImportReport['doubles'][number]): string {
  return `${file.name}: the same as ${of.name}. Nothing changed.`;
}
