import { countPorts, formatPortSet, type PortSet, parsePortSet } from '../snapshot/port-set.ts';
import type { PortCoverage } from '../snapshot/snapshot.ts';
import { type PortChoice, type ScanOptions, scanOptions } from './options.ts';
import { splitCommand } from './read-command.ts';

const PORTS = 65_535;
/** As options.ts allows. */
const LONGEST_LIST = 20_000;
const SCRIPT_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * What the command line of a scan that others made says in the words of a profile, as far as it
 * can (nmap(1), masscan(8)). `asked`: the ports that the output itself names.
 */
export function readOptions(args: string, asked: PortCoverage): ScanOptions {
  const [program = '', ...words] = splitCommand(args);
  const value = (...names: string[]) => optionOf(words, names);
  const number = (...names: string[]) => wholeNumber(value(...names));
  const all = words.includes('-A');
  return scanOptions.parse({
    engine: engineOf(program),
    tcp: choosePorts(words, asked.tcp),
    udp: choosePorts(words, asked.udp),
    tcpTechnique: words.includes('-sT') ? 'connect' : words.includes('-sS') ? 'syn' : 'auto',
    discovery: readDiscovery(words),
    serviceDetection: all || words.includes('-sV'),
    versionIntensity: within(number('--version-intensity'), 0, 9),
    osDetection: all || words.includes('-O'),
    scripts: readScripts(words, value('--script')),
    reverseDns: !words.includes('-n'),
    timing: within(wholeNumber(optionOf(words, ['-T'])), 0, 5) ?? 3,
    maxRetries: within(number('--max-retries'), 0, 20),
    minRate: within(number('--min-rate'), 1, 100_000),
    maxRate: within(number('--max-rate', '--rate'), 1, 100_000),
  });
}

function engineOf(program: string): ScanOptions['engine'] {
  const name = program
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, '');
  return name === 'nmap' || name === 'connect' ? name : 'auto';
}

/** `-T4`, `-T 4`, `--rate=4` and `--rate 4` alike; undefined: not given. */
function optionOf(words: readonly string[], names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries())
    for (const name of names) {
      if (word === name) return words[at + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
      if (!name.startsWith('--') && word.startsWith(name)) return word.slice(name.length);
    }
  return undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function within(given: number | undefined, least: number, most: number): number | undefined {
  return given !== undefined && given >= least && given <= most ? given : undefined;
}

function choosePorts(words: readonly string[], ports: PortSet): PortChoice {
  const count = countPorts(ports);
  if (count === 0) return { kind: 'none' };
  if (count >= PORTS) return { kind: 'all' };
  const text = formatPortSet(ports);
  const listed = words.some((word) => /^-p/.test(word)) || words.includes('--ports');
  return listed && text.length <= LONGEST_LIST
    ? { kind: 'list', ports: text }
    : { kind: 'top', count };
}

function readDiscovery(words: readonly string[]): unknown {
  if (words.some((word) => /^-P[n0N]$/.test(word))) return { kind: 'skip' };
  const probes = {
    icmpEcho: words.includes('-PE') || words.includes('-PI'),
    icmpTimestamp: words.includes('-PP'),
    tcpSynPorts: probePorts(words, /^-PS/, '80'),
    tcpAckPorts: probePorts(words, /^-P[AT]/, '80'),
    udpPorts: probePorts(words, /^-PU/, '40125'),
  };
  const any = Object.values(probes).some(Boolean);
  return any ? { kind: 'probes', ...probes } : { kind: 'standard' };
}

/** Without ports nmap asks one of its own choice. */
function probePorts(words: readonly string[], option: RegExp, usual: string): string {
  const word = words.find((one) => option.test(one));
  if (word === undefined) return '';
  const ports = word.slice('-PS'.length);
  const read = parsePortSet(ports);
  return read.ports.length > 0 && read.problems.length === 0 ? ports : usual;
}

function readScripts(words: readonly string[], given: string | undefined): string[] {
  const usual = words.includes('-sC') || words.includes('-A') ? ['default'] : [];
  const named = (given ?? '').split(',').filter((name) => SCRIPT_NAME.test(name));
  return [...new Set([...usual, ...named])].slice(0, 20);
}
