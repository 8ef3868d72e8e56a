import { ALL_KIND_NAMES, type Wanted } from '@netdelta/core/compare/listed-kinds.ts';
import { Command } from 'commander';
import { STANDARD_INPUT } from '../formats/open-scan-file.ts';
import { diffByListing } from './diff/diff-by-listing.ts';
import type { Surroundings } from './surroundings.ts';

interface DiffOptions {
  readonly text?: true;
  readonly xml?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly site?: string;
  readonly group?: string;
  readonly ignoreSilent?: true;
  readonly coverage?: true;
  readonly only?: string;
}

const HELP = `
Compares what the files say, as ndiff does, and prints it in ndiff's form: lines with - are in A
alone, lines with + in B alone, others in both. With --coverage it compares what the scans asked:
a port outside one of the port lists, or a host outside one of the target lists, is neither new
nor gone; silence and refusal are the same; a name less detailed than before is no other service.

With --site or --group, A and B are stored scans or instants of the server: the id of a scan, its
number in the group (12), a date and time in the site's time zone (2026-11-24T02:00), a date (its
beginning), or now. Works while NetDelta runs.

Kinds for --only: host.new, host.down, service.opened, service.closed, service.filtered,
service.changed, port.changed (open on neither side), rest.changed (ports not shown),
script.changed, os.changed, name.changed, target.listed (not up, in one file only).

Examples:
  netdelta diff monday.xml tuesday.xml
  netdelta diff --ignore-silent --only service.opened,host.new monday.xml tuesday.xml
  netdelta diff --coverage top100.xml all-ports.xml
  nmap -oX - 10.0.0.0/24 | netdelta diff --xml monday.xml.gz -

Files may be packed with gzip or zstd; "-" is standard input. The shape of --json is that of
docs/diff.schema.json, --xml is that of ndiff.dtd.
Exit codes: 0 no difference, 1 differences, 2 wrong use, or a file that cannot be read, 3 no database.`;

/** Makes `netdelta diff`: what changed between two files of nmap XML. */
export function createDiffCommand(surroundings: Surroundings): Command {
  return new Command('diff')
    .description('compare two scans in nmap XML (-oX) and say what changed')
    .argument('<A>', 'the earlier scan; "-" for standard input')
    .argument('<B>', 'the later scan; "-" for standard input')
    .option('--site <slug>', 'compare what the server has stored of this site')
    .option('--group <name>', 'and of this group, by name or id')
    .option('--text', 'print lines for a person (the default)')
    .option('--xml', 'print XML, as ndiff does')
    .option('--json', 'print one JSON object')
    .option('-v, --verbose', 'also print the hosts and ports that did not change')
    .option('--ignore-silent', 'closed, filtered and silent are the same: not open')
    .option('--only <kinds>', 'tell only these kinds of change, with commas between')
    .option('--coverage', 'what was not asked is not gone')
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
  surroundings: Surroundings,
): Promise<number> {
  const only = options.only?.split(',').map((kind) => kind.trim()) ?? null;
  const problems = listWrongUse(paths, options, only ?? []);
  for (const problem of problems) surroundings.complain(problem);
  if (problems.length > 0) return 2;
  const wanted: Wanted = {
    only: only && new Set(only),
    ignoreSilent: options.ignoreSilent ?? false,
  };
  const verbose = options.verbose ?? false;
  if (options.coverage) {
    const { diffByCoverage } = await import('./diff/diff-by-coverage.ts');
    const asked = { ...wanted, verbose, json: options.json ?? false };
    return diffByCoverage(paths, asked, surroundings);
  }
  const form = options.json ? 'json' : options.xml ? 'xml' : 'text';
  return diffByListing(paths, { ...wanted, verbose, form }, surroundings);
}

function listWrongUse(
  paths: readonly [string, string],
  { text, xml, json, coverage }: DiffOptions,
  only: readonly string[],
): string[] {
  const strange = only.filter((kind) => !ALL_KIND_NAMES.includes(kind));
  return [
    ...([text, xml, json].filter(Boolean).length > 1
      ? ['Choose one of --text, --xml and --json.']
      : []),
    ...(xml && coverage ? ['Choose one of --xml and --coverage: ndiff knows no coverage.'] : []),
    ...strange.map((kind) => `"${kind}" is no kind of change. Kinds: ${ALL_KIND_NAMES.join(', ')}`),
    ...(paths.every((path) => path === STANDARD_INPUT)
      ? ['Only one of the two scans can come from standard input: name a file for the other.']
      : []),
  ];
}
