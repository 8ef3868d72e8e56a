import type { AddressRange } from '../target/address-range.ts';
import { parseTargets } from '../target/parse-targets.ts';
import type { Target } from '../target/target.ts';
import { rangesLeft } from '../target/target-ranges.ts';

/** What the command line of a scan says about its silence. */
export interface ReadCommand {
  /** How it found out which hosts are up; silence to another way of asking proves nothing. */
  readonly way: string;
  /** Addresses that it asked for certain: one that it does not list did not answer. */
  readonly asked: readonly AddressRange[];
}

const SKIPS_DISCOVERY = /^-P[n0N]$/;
const DISCOVERY = /^(-P[SAUYEPMOR].*|--unprivileged|--disable-arp-ping)$/;
/** Short options whose value is the next word. Long ones take one too, unless they are known not to. */
const TAKES_VALUE = /^-(o[A-Z]|p|e|S|D|sI|b|i[LR]|g|T|m)$/;
const WITHOUT_VALUE = new Set(
  [
    'open reason privileged unprivileged noninteractive traceroute packet-trace system-dns',
    'no-stylesheet webxml append-output osscan-limit osscan-guess fuzzy badsum send-eth send-ip',
    'version-light version-all version-trace defeat-rst-ratelimit defeat-icmp-ratelimit',
    'disable-arp-ping discovery-ignore-rst iflist resolve-all unique randomize-hosts allports',
    'script-trace log-errors vv',
  ].flatMap((line) => line.split(' ').map((name) => `--${name}`)),
);
const WORDS = /"(?:[^"\\]|\\.)*"|\S+/g;
/** With these, a host that is not listed may still have answered, or not have been asked. */
const HIDES_HOSTS = /^(--open|-sL|--exclude-?file(=.*)?|--resume(=.*)?)$/;

/** The words of a command line, the program first; a word in quotes keeps them. */
export function splitCommand(args: string): string[] {
  return args.match(WORDS) ?? [];
}

/**
 * Reads the command line that nmap writes into its output (nmap(1)). Whatever cannot be read for
 * certain (names, target files, octet ranges) is left out of `asked`, so that it proves nothing.
 */
export function readCommand(args: string): ReadCommand {
  const [program = '', ...words] = splitCommand(args);
  const way = wayOf(program, words);
  if (words.some((word) => HIDES_HOSTS.test(word))) return { way, asked: [] };
  const { targets, excluded } = sortWords(words);
  const exclusions = parseTargets(excluded.join('\n'));
  if (exclusions.problems.length > 0) return { way, asked: [] };
  return { way, asked: rangesLeft(targets.flatMap(readRanges), exclusions.targets) };
}

function wayOf(program: string, words: readonly string[]): string {
  if (program === 'connect' || words.some((word) => SKIPS_DISCOVERY.test(word))) return 'ports';
  return ['discovery', ...words.filter((word) => DISCOVERY.test(word)).sort()].join(' ');
}

function readRanges(word: string): Target[] {
  const { targets, problems } = parseTargets(word);
  // A word that is more than one target is the value of an option that is not known here.
  return problems.length === 0 && targets.length === 1 ? targets : [];
}

function sortWords(words: readonly string[]): { targets: string[]; excluded: string[] } {
  const targets: string[] = [];
  const excluded: string[] = [];
  let option = '';
  for (const word of words) {
    if (option === '--exclude') excluded.push(word);
    else if (option === '' && !word.startsWith('-')) targets.push(word);
    if (word.startsWith('--exclude=')) excluded.push(word.slice('--exclude='.length));
    option = option === '' && takesValue(word) ? word : '';
  }
  return { targets, excluded };
}

function takesValue(word: string): boolean {
  if (TAKES_VALUE.test(word)) return true;
  return word.startsWith('--') && !word.includes('=') && !WITHOUT_VALUE.has(word);
}
