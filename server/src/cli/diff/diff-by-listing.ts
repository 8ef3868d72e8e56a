import { describeListed } from '@netdelta/core/compare/describe-listed.ts';
import { listDeltas } from '@netdelta/core/compare/listed-deltas.ts';
import { narrowDifference, type Wanted } from '@netdelta/core/compare/listed-kinds.ts';
import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';
import { compareListed, type ListedFile } from './compare-listed.ts';
import { describeBanner, describeRunScripts } from './describe-scans.ts';
import { describeHostText } from './describe-text.ts';
import type { HostPair } from './pair-hosts.ts';
import { closeXml, hostXml, openXml } from './write-xml.ts';

export interface ListingOptions extends Wanted {
  readonly form: 'text' | 'xml' | 'json';
  readonly verbose: boolean;
}

type Files = readonly [before: ListedFile, after: ListedFile];

/** Compares two files as they stand there, as ndiff does. The exit code. */
export async function diffByListing(
  paths: readonly [string, string],
  options: ListingOptions,
  { complain, input, print }: Surroundings,
): Promise<number> {
  const complete = options.verbose && options.form !== 'json';
  const comparison = await compareListed(paths, input, complete);
  if (!comparison.ok) for (const problem of comparison.problems) complain(printable(problem));
  if (!comparison.ok) return 2;
  for (const warning of comparison.warnings) complain(printable(warning));
  const { files, pairs } = comparison;
  const changes = FORMS[options.form]({ files, pairs, options, complete }, print);
  return changes > 0 ? 1 : 0;
}

interface Told {
  readonly files: Files;
  readonly pairs: readonly HostPair[];
  readonly options: ListingOptions;
  readonly complete: boolean;
}

/** What prints a comparison; answers how many changes it told. */
type Form = (told: Told, print: (text: string) => void) => number;

const FORMS: Readonly<Record<ListingOptions['form'], Form>> = {
  text: printText,
  xml: printXml,
  json: printJson,
};

function printText({ files, pairs, options, complete }: Told, print: (text: string) => void) {
  const [before, after] = files.map(({ facts }) => facts) as [Facts, Facts];
  const scripts = tellsScripts(options);
  const tell = (lines: readonly string[]) => {
    if (lines.length > 0) print(lines.join('\n'));
  };
  tell(describeBanner(before, after, complete));
  if (scripts) tell(describeRunScripts('before', [before, after], complete));
  const changes = tellHosts({ pairs, options, complete }, (difference) =>
    tell(describeHostText(difference, complete)),
  );
  if (scripts) tell(describeRunScripts('after', [before, after], complete));
  return changes;
}

type Facts = ListedFile['facts'];

function printXml({ files, pairs, options, complete }: Told, print: (text: string) => void) {
  const silent = { before: [], after: [] };
  const headings = files.map(({ facts }) =>
    tellsScripts(options) ? facts : { ...facts, ...silent },
  ) as [Facts, Facts];
  for (const text of openXml(headings, complete)) print(text);
  const changes = tellHosts({ pairs, options, complete }, (difference) =>
    print(hostXml(difference)),
  );
  for (const text of closeXml(headings, complete)) print(text);
  return changes;
}

function tellHosts(
  { pairs, options, complete }: Omit<Told, 'files'>,
  tell: (difference: HostPair['difference']) => void,
): number {
  let changes = 0;
  for (const { difference, renamed } of pairs) {
    const left = narrowDifference(difference, options, renamed);
    changes += left.changes;
    if (complete || left.changes > 0) tell(left);
  }
  return changes;
}

/** Scripts of a whole scan belong to no host, and like its times they are told, not counted. */
function tellsScripts({ only }: Wanted): boolean {
  return only === null || only.has('script.changed');
}

function printJson({ files, pairs, options }: Told, print: (text: string) => void) {
  const deltas = pairs.flatMap(({ difference, renamed }) =>
    listDeltas(difference, options, renamed),
  );
  const [before, after] = files.map(presentFile);
  const told = deltas.map((delta) => ({ ...delta, sentence: describeListed(delta) }));
  print(JSON.stringify({ by: 'listing', before, after, deltas: told }, null, 2));
  return deltas.length;
}

function presentFile({ name, facts, hosts }: ListedFile) {
  const { scanner, version, args, start, end, exit, truncated } = facts;
  const seconds = end ?? start;
  const at = seconds === null ? null : new Date(seconds * 1000).toISOString();
  return { file: name, scanner, version, command: args, at, exit, truncated, hosts };
}
