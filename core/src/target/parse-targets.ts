import type { AddressRange } from './address-range.ts';
import { type AddressTarget, parseAddressTarget } from './parse-address-target.ts';
import { endsInNumber, type HostName, parseHostName } from './parse-host-name.ts';
import type { Target, TargetProblem } from './target.ts';
import { formatRange, mergeRanges } from './target-ranges.ts';

const LONGEST_SHOWN = 100;

/**
 * Reads targets, separated by new lines, white space, commas or semicolons; `#` begins a comment.
 * Targets come back in canonical text, sorted (IPv4, IPv6, names), overlapping ranges joined. All
 * problems are listed, lines counted from 1. A target written twice is none.
 */
export function parseTargets(text: string): { targets: Target[]; problems: TargetProblem[] } {
  const ranges: AddressRange[] = [];
  const names = new Set<string>();
  const problems: TargetProblem[] = [];
  for (const { line, word } of wordsOf(text)) {
    const read = parseWord(word);
    if (read.kind === 'range') ranges.push(read.range);
    else if (read.kind === 'name') names.add(read.name);
    else problems.push({ line, text: word.slice(0, LONGEST_SHOWN), message: read.message });
  }
  const targets = [...mergeRanges(ranges).map(formatRange), ...[...names].sort().map(nameTarget)];
  return { targets, problems };
}

function wordsOf(text: string): { line: number; word: string }[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) =>
    line
      .replace(/#.*/, '')
      .replace(/(?<=\S)[ \t]{1,8}-[ \t]{1,8}(?=\S)/g, '-')
      .split(/[\s,;]+/)
      .filter((word) => word !== '')
      .map((word) => ({ line: index + 1, word })),
  );
}

function parseWord(word: string): AddressTarget | HostName {
  if (word.includes('://')) {
    return { kind: 'problem', message: 'is a web address: write its host name alone' };
  }
  return looksLikeAddress(word) ? parseAddressTarget(word) : parseHostName(word);
}

function looksLikeAddress(word: string): boolean {
  const isRange = /^[\d.]+-[\d.]*$/.test(word) || /^\d+(\.\d+){3}-[^.]*$/.test(word);
  return /[:/*]/.test(word) || isRange || endsInNumber(word);
}

function nameTarget(text: string): Target {
  return { kind: 'name', text };
}
