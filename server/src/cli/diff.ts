import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import { describeService } from '@netdelta/core/delta/describe-service.ts';
import { Command } from 'commander';
import { STANDARD_INPUT } from '../formats/read-scan-file.ts';
import { compareFiles, momentOf } from './looks/compare-files.ts';
import {
  describeChanges,
  describeLimits,
  endpointLine,
  hostTitle,
} from './looks/describe-changes.ts';
import { printable } from './looks/printable.ts';
import { type NmapFile, readNmapFile } from './looks/read-nmap-file.ts';
import type { Surroundings } from './surroundings.ts';

interface DiffOptions {
  readonly text?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly site?: string;
  readonly group?: string;
}

type Comparison = ReturnType<typeof compareFiles>;
type Pair = readonly [before: NmapFile, after: NmapFile];

const HELP = `
Only what both scans asked can differ: a port outside one of the port lists, or a host outside
one of the target lists, is neither new nor gone. A host that nmap does not list counts as silent
when the command line in the file asked for it and the scan ended well.

With --site or --group, A and B are stored scans or instants of the server: the id of a scan, its
number in the group (12), a date and time in the site's time zone (2026-11-24T02:00), a date (its
beginning), or now. Works while NetDelta runs.

Lines with + are there in B and were not in A, lines with - the reverse, # is a remark.
Exit codes: 0 no difference, 1 differences, 2 a file that cannot be read or wrong use, 3 no database.`;

/** Makes `netdelta diff`: what changed between two files of nmap XML. */
export function createDiffCommand(surroundings: Surroundings): Command {
  return new Command('diff')
    .description('compare two scans in nmap XML (-oX) and say what changed')
    .argument('<A>', 'the earlier scan; "-" for standard input')
    .argument('<B>', 'the later scan; "-" for standard input')
    .option('--site <slug>', 'compare what the server has stored of this site')
    .option('--group <name>', 'and of this group, by name or id')
    .option('--text', 'print lines for a person (the default)')
    .option('--json', 'print one JSON object')
    .option('-v, --verbose', 'also print the hosts that did not change')
    .addHelpText('after', HELP)
    .action(async (before: string, after: string, options: DiffOptions) => {
      if (options.site === undefined && options.group === undefined)
        return surroundings.exit(await diff([before, after], options, surroundings));
      // Files need no database: what opens one is loaded only here.
      const { diffStored } = await import('./diff/diff-stored.ts');
      return diffStored({ before, after, ...options }, surroundings);
    });
}

async function diff(
  paths: readonly [string, string],
  options: DiffOptions,
  { complain, input, print }: Surroundings,
): Promise<number> {
  const wrong = findWrongUse(paths, options);
  if (wrong) complain(wrong);
  if (wrong) return 2;
  const outcomes = await Promise.all(paths.map((path) => readNmapFile(path, input)));
  for (const outcome of outcomes) {
    if (!outcome.ok) complain(printable(outcome.problem));
    else if (outcome.warning) complain(printable(outcome.warning));
  }
  const [before, after] = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.file] : []));
  if (!before || !after) return 2;
  const comparison = compareFiles(before, after);
  if (options.json) print(JSON.stringify(presentDiff([before, after], comparison), null, 2));
  else for (const line of describeDiff([before, after], comparison, options)) print(line);
  return comparison.deltas.length > 0 ? 1 : 0;
}

function findWrongUse(paths: readonly [string, string], options: DiffOptions): string | null {
  if (options.text && options.json) return 'Choose one of --text and --json.';
  if (paths.every((path) => path === STANDARD_INPUT))
    return 'Only one of the two scans can come from standard input: name a file for the other.';
  return null;
}

function describeDiff(pair: Pair, comparison: Comparison, { verbose }: DiffOptions): string[] {
  const [before, after] = pair;
  const hosts = [...before.run.snapshot.hosts, ...after.run.snapshot.hosts];
  const { deltas } = comparison;
  return [
    `- ${describeFile(before)}`,
    `+ ${describeFile(after)}`,
    '',
    ...describeChanges(comparison, hosts),
    ...(verbose ? describeUnchanged(after, comparison) : []),
    ...describeLimits(comparison, { before: before.name, after: after.name }),
    deltas.length > 0 ? `# differences: ${deltas.length}` : '# no differences',
  ];
}

function describeFile(file: NmapFile): string {
  const { scanner, version, args } = file.run;
  const at = momentOf(file);
  const when = at ? describeMoment(at) : 'at an unknown time';
  return printable(`${file.name}: ${scanner} ${version}, ${when}: ${args}`);
}

function describeUnchanged({ run }: NmapFile, { deltas, onlyAfter }: Comparison): string[] {
  const told = new Set<string>(onlyAfter);
  for (const { subject } of deltas) if ('address' in subject) told.add(subject.address);
  return run.snapshot.hosts
    .filter(({ address, status }) => status === 'up' && !told.has(address))
    .flatMap(({ address, names, endpoints }) => [
      `  ${hostTitle(address, names)} did not change`,
      ...endpoints
        .filter(({ state }) => state === 'open')
        .map(
          ({ protocol, port, service }) =>
            `    ${endpointLine(`${protocol}/${port}`, 'open', describeService(service))}`,
        ),
      '',
    ]);
}

function presentDiff([before, after]: Pair, comparison: Comparison) {
  const { deltas, ...limits } = comparison;
  return {
    before: presentFile(before),
    after: presentFile(after),
    deltas: deltas.map((delta) => ({ ...delta, sentence: describeDelta(delta) })),
    ...limits,
  };
}

function presentFile(file: NmapFile) {
  const { scanner, version, args, exit, truncated, snapshot } = file.run;
  const { hosts, uncovered } = snapshot;
  return {
    file: file.name,
    ...{ scanner, version, command: args, at: momentOf(file), exit, truncated },
    hostsUp: hosts.filter(({ status }) => status === 'up').length,
    hostsSilent: hosts.filter(({ status }) => status === 'silent').length,
    hostsUncovered: uncovered.length,
  };
}
