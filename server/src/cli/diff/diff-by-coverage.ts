import { isWanted, type Wanted } from '@netdelta/core/compare/listed-kinds.ts';
import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import { describeService } from '@netdelta/core/delta/describe-service.ts';
import { compareFiles, momentOf } from '../looks/compare-files.ts';
import {
  describeChanges,
  describeLimits,
  endpointLine,
  hostTitle,
} from '../looks/describe-changes.ts';
import { printable } from '../looks/printable.ts';
import { type NmapFile, readNmapFile } from '../looks/read-nmap-file.ts';
import type { Surroundings } from '../surroundings.ts';

export interface CoverageOptions extends Wanted {
  readonly json: boolean;
  readonly verbose: boolean;
}

type Comparison = ReturnType<typeof compareFiles>;
type Pair = readonly [before: NmapFile, after: NmapFile];

/** Compares two files as looks at a network: what was not asked is not gone. The exit code. */
export async function diffByCoverage(
  paths: readonly [string, string],
  options: CoverageOptions,
  { complain, input, print }: Surroundings,
): Promise<number> {
  const outcomes = await Promise.all(paths.map((path) => readNmapFile(path, input)));
  for (const outcome of outcomes) {
    if (!outcome.ok) complain(printable(outcome.problem));
    else if (outcome.warning) complain(printable(outcome.warning));
  }
  const [before, after] = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.file] : []));
  if (!before || !after) return 2;
  const all = compareFiles(before, after);
  const comparison = { ...all, deltas: all.deltas.filter(({ kind }) => isWanted(kind, options)) };
  if (options.json) print(JSON.stringify(presentDiff([before, after], comparison), null, 2));
  else for (const line of describeDiff([before, after], comparison, options)) print(line);
  return comparison.deltas.length > 0 ? 1 : 0;
}

function describeDiff(pair: Pair, comparison: Comparison, { verbose }: CoverageOptions): string[] {
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
    by: 'coverage',
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
