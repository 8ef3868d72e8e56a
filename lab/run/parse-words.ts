import { parseArgs } from 'node:util';
import type { BurstPlan } from '../truth/bursts.ts';

/** What one run of the lab does. */
export interface LabRequest {
  readonly scenarios: readonly string[];
  readonly scanners: readonly string[];
  /** Of the path in each direction: a probability 0–1, or bursts. */
  readonly losses: readonly PathName[];
  /** Compared scans of each scenario at each loss, as far as the scenario lets choose. */
  readonly scans: number;
  readonly seed: number;
  readonly versions: boolean;
  /** Also lets plain nmap scan as often as the others where that takes hours. */
  readonly thorough: boolean;
  /** A file for all figures. */
  readonly json?: string;
}

export type PathName = number | 'bursts';

export type WordsOutcome =
  | { readonly ok: true; readonly request: LabRequest }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Good for two seconds and bad for 0.4 in the mean: a sixth of the time nearly nothing passes. */
export const BURSTS: Omit<BurstPlan, 'seed'> = { meanGoodMs: 2000, meanBadMs: 400 };

const OPTIONS = {
  scenario: { type: 'string', default: 'unchanged' },
  scanner: { type: 'string', default: 'nmap-ndiff' },
  loss: { type: 'string', default: '0,1,5,10,20' },
  scans: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  versions: { type: 'boolean', default: false },
  thorough: { type: 'boolean', default: false },
  json: { type: 'string' },
} as const;

/** Reads what was written behind `npm run lab --`, and lists all that is wrong with it. Pure. */
export function parseWords(
  words: readonly string[],
  known: { scenarios: readonly string[]; scanners: readonly string[] },
): WordsOutcome {
  let values: ReturnType<typeof readValues>;
  try {
    values = readValues(words);
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const problems: string[] = [];
  const request: LabRequest = {
    scenarios: chooseNames('--scenario', values.scenario, known.scenarios, problems),
    scanners: chooseNames('--scanner', values.scanner, known.scanners, problems),
    losses: values.loss.split(',').map((text) => readPath(text.trim(), problems)),
    scans: readWhole('--scans', values.scans, problems),
    seed: readWhole('--seed', values.seed, problems),
    versions: values.versions,
    thorough: values.thorough,
    ...(values.json === undefined ? {} : { json: values.json }),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, request };
}

function readValues(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
}

function chooseNames(
  option: string,
  text: string,
  known: readonly string[],
  problems: string[],
): string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names)
    if (!known.includes(name))
      problems.push(`${option}: "${name}" is not one of ${known.join(', ')}`);
  return names;
}

function readPath(text: string, problems: string[]): PathName {
  if (text === 'bursts') return text;
  const percent = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= 100)) problems.push(`--loss: "${text}" is neither 0–100 (percent) nor "bursts"`);
  return percent / 100;
}

function readWhole(option: string, text: string, problems: string[]): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    problems.push(`${option}: "${text}" is not a whole number above 0`);
  return Number(text);
}
