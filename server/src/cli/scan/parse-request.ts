import { type PortChoice, type ScanOptions, scanOptions } from '@netdelta/core/profile/options.ts';
import { checkTargets } from '@netdelta/core/target/check-targets.ts';
import type { TargetSet } from '@netdelta/core/target/target.ts';

/** What a person wrote behind `netdelta scan`, unread. */
export interface ScanWords {
  readonly targets: readonly string[];
  readonly exclude?: readonly string[];
  readonly ports?: string;
  readonly udpPorts?: string;
  readonly engine?: string;
  readonly timing?: string;
  readonly serviceDetection?: true;
}

export type ScanRequestOutcome =
  | { readonly ok: true; readonly options: ScanOptions; readonly set: TargetSet }
  /** One sentence a problem, all of them. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Most addresses of one scan: a /12. */
export const MOST_ADDRESSES = 1_048_576;

const OPTION_OF: Readonly<Record<string, string>> = {
  tcp: '--ports',
  udp: '--udp-ports',
  engine: '--engine',
  timing: '--timing',
};

/** Reads targets and options and lists all that is wrong with them. Pure. */
export function parseScanRequest(words: ScanWords): ScanRequestOutcome {
  const { targets, exclude = [] } = words;
  const checked = checkTargets({
    targets: targets.join('\n'),
    exclusions: exclude.join('\n'),
    limit: Number.MAX_SAFE_INTEGER,
  });
  const options = parseOptions(words);
  const tooMany = checked.addressCount > MOST_ADDRESSES;
  const problems = [
    ...checked.problems.map(({ text, message }) => (text ? `${text}: ${message}` : message)),
    ...(tooMany ? [describeTooMany(checked.addressCount)] : []),
    ...options.problems,
  ];
  if (problems.length > 0 || !options.read) return { ok: false, problems };
  return { ok: true, options: options.read, set: checked.set };
}

function describeTooMany(count: number): string {
  const [many, most] = [count, MOST_ADDRESSES].map((number) => number.toLocaleString('en'));
  return `these targets make ${many} addresses, and one scan asks at most ${most}: scan them in parts`;
}

function parseOptions(words: ScanWords): { read?: ScanOptions; problems: string[] } {
  const { engine, timing, ports, udpPorts, serviceDetection = false } = words;
  const outcome = scanOptions.safeParse({
    ...(engine !== undefined && { engine }),
    ...(ports !== undefined && { tcp: parsePorts(ports) }),
    ...(udpPorts !== undefined && { udp: parsePorts(udpPorts) }),
    ...(timing !== undefined && { timing: /^\d$/.test(timing) ? Number(timing) : timing }),
    serviceDetection,
  });
  if (outcome.success) return { read: outcome.data, problems: [] };
  const problems = outcome.error.issues.map(
    ({ path: [field], message }) => `${OPTION_OF[String(field)] ?? String(field)}: ${message}`,
  );
  return { problems };
}

/** `22,80,8000-8100`, `top100`, `all` (nmap's `-`), `none`. */
function parsePorts(text: string): PortChoice {
  const word = text.trim().toLowerCase();
  if (word === 'none') return { kind: 'none' };
  if (word === 'all' || word === '-') return { kind: 'all' };
  const [, count] = /^top[- ]?(\d{1,6})$/.exec(word) ?? [];
  return count ? { kind: 'top', count: Number(count) } : { kind: 'list', ports: text };
}
