import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { Command } from 'commander';
import { chooseEngine } from '../engines/choose.ts';
import { createEngines } from '../engines/create-engines.ts';
import type { Engine } from '../engines/engine.ts';
import { type NameResolver, resolveBySystem } from '../scans/resolve-names.ts';
import { planWork } from '../scans/start-scan.ts';
import { compareFiles } from './looks/compare-files.ts';
import { describeChanges, describeLimits } from './looks/describe-changes.ts';
import { printable } from './looks/printable.ts';
import { type NmapFile, readNmapFile } from './looks/read-nmap-file.ts';
import { describeScan } from './scan/describe-scan.ts';
import { MOST_ADDRESSES, parseScanRequest, type ScanWords } from './scan/parse-request.ts';
import { createProgressLine } from './scan/progress-line.ts';
import { runShards, type ShardsResult } from './scan/run-shards.ts';
import { openXmlFile, toNmapFile } from './scan/xml-file.ts';
import type { Surroundings } from './surroundings.ts';

interface ScanParts {
  readonly engines: readonly Engine[];
  readonly resolveNames: NameResolver;
}

interface ScanCommandOptions extends Omit<ScanWords, 'targets'> {
  readonly xml?: string;
  readonly baseline?: string;
  readonly json?: true;
}

type Ask = Extract<ReturnType<typeof parseScanRequest>, { ok: true }>;

const HELP = `
A target is an address, a CIDR, a range (10.0.0.1-50) or a host name. Ports are a list
(22,80,8000-8100), top100 and the like, all, or none. Scan only what you are allowed to.

Nothing is stored: write the scan with --xml, and compare the next one with it by --baseline.
Ctrl-C ends the scan and prints what was covered.
Exit codes: 0 fine, 1 something changed since the baseline, 2 wrong use or input,
3 the scan failed or was cancelled.`;

/** Makes `netdelta scan`: one scan without server and database. */
export function createScanCommand(
  surroundings: Surroundings,
  parts: ScanParts = {
    engines: createEngines(),
    resolveNames: resolveBySystem,
  },
): Command {
  return new Command('scan')
    .description('scan targets now, without server and database')
    .argument('<target...>', 'addresses, CIDRs, ranges, host names')
    .option('--ports <list>', 'TCP ports (default: top1000)')
    .option('--udp-ports <list>', 'UDP ports (default: none); needs nmap and its privileges')
    .option('--exclude <targets>', 'leave these out; may be given again', append)
    .option(
      '--engine <name>',
      'nmap or connect (default: connect, helped by nmap where that is installed)',
    )
    .option('--service-detection', 'also ask which product and version listens')
    .option('--timing <0-5>', 'from slow and careful to fast (default: 4)')
    .option('--xml <file>', 'write the scan in the form of nmap XML')
    .option('--baseline <file>', 'say what changed since this scan in nmap XML')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (targets: string[], options: ScanCommandOptions) =>
      surroundings.exit(await scan(targets, options, { ...surroundings, ...parts })),
    );
}

function append(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

async function scan(
  targets: readonly string[],
  options: ScanCommandOptions,
  parts: Surroundings & ScanParts,
): Promise<number> {
  const { complain, input } = parts;
  const asked = parseScanRequest({ ...options, targets });
  const baseline = options.baseline ? await readNmapFile(options.baseline, input) : null;
  const problems = [
    ...(asked.ok ? [] : asked.problems),
    ...(baseline && !baseline.ok ? [baseline.problem] : []),
  ];
  for (const problem of problems) complain(printable(problem));
  if (!asked.ok || (baseline && !baseline.ok)) return 2;
  if (baseline?.warning) complain(printable(baseline.warning));
  const xml = options.xml ? await openXmlFile(options.xml) : null;
  if (xml && !xml.ok) complain(xml.problem);
  if (xml && !xml.ok) return 2;
  const result = await runAsked(asked, parts);
  if (!result) await xml?.discard();
  if (!result) return 3;
  const file = toNmapFile(result);
  const written = await xml?.write(file.run, result);
  if (written) complain(written);
  const changed = tellResult({ result, file, before: baseline?.file ?? null }, options, parts);
  if (result.end === 'failed' || result.end === 'cancelled' || written) return 3;
  return changed ? 1 : 0;
}

/** The scan itself; null when it could not begin, which was said then. */
async function runAsked(
  { options, set }: Ask,
  { complain, engines, resolveNames, signal, terminal, writeLog }: Surroundings & ScanParts,
): Promise<(ShardsResult & { startedAt: number; endedAt: number; choice: string }) | null> {
  const { engine, choice, problems } = await chooseEngine(engines, options);
  complain(`Engine: ${choice}`);
  for (const problem of engine ? problems : []) complain(problem);
  if (!engine) return null;
  const work = await planWork({ ...set, limit: MOST_ADDRESSES }, resolveNames);
  const unresolved = work.problems.map(({ what, message }) => `${what}: ${message}`);
  for (const problem of unresolved) complain(problem);
  if (work.addresses.length === 0) complain('No address is left to scan.');
  if (work.addresses.length === 0) return null;
  const line = createProgressLine(writeLog, terminal);
  const startedAt = Date.now();
  const result = await runShards({ engine, options, ...work, signal, onProgress: line.tell });
  line.end();
  for (const problem of result.problems) complain(printable(problem));
  return {
    ...result,
    problems: [...unresolved, ...result.problems],
    choice,
    startedAt,
    endedAt: Date.now(),
  };
}

interface Told {
  readonly result: NonNullable<Awaited<ReturnType<typeof runAsked>>>;
  readonly file: NmapFile;
  readonly before: NmapFile | null;
}

/** Prints the scan, and the changes when there is something to compare with. True: something changed. */
function tellResult(told: Told, { json }: ScanCommandOptions, { print }: Surroundings): boolean {
  const { result, file, before } = told;
  const comparison = before && compareFiles(before, file);
  if (json) print(JSON.stringify(presentScan(told, comparison), null, 2));
  else for (const line of describeScan(result)) print(printable(line));
  const changed = comparison !== null && comparison.deltas.length > 0;
  if (json || !comparison || !before) return changed;
  const hosts = [...before.run.snapshot.hosts, ...result.snapshot.hosts];
  print(changed ? `\nChanged since ${printable(before.name)}:\n` : '\nNothing changed.');
  for (const line of describeChanges(comparison, hosts)) print(line);
  const names = { before: before.name, after: 'this scan' };
  for (const line of describeLimits(comparison, names)) print(line);
  return changed;
}

function presentScan({ result }: Told, comparison: ReturnType<typeof compareFiles> | null) {
  const { end, problems, snapshot, engine, version, command, choice } = result;
  return {
    engine: { name: engine, version, choice, command },
    startedAt: new Date(result.startedAt).toISOString(),
    endedAt: new Date(result.endedAt).toISOString(),
    end,
    problems,
    ...snapshot,
    ...(comparison && {
      ...comparison,
      deltas: comparison.deltas.map((delta) => ({ ...delta, sentence: describeDelta(delta) })),
    }),
  };
}
