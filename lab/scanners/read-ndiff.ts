import type { Reported } from '../score/reported.ts';

export interface NdiffReading {
  /** Hosts that appeared or are gone, and open ports of hosts that are in both files. */
  readonly reported: readonly Reported[];
  /** Ports that changed between two ways of not being open (closed, filtered). */
  readonly flips: number;
}

type Sign = '-' | '+' | ' ';

interface PortLine {
  readonly state: string;
  readonly text: string;
}

/** One host's part of the text, without the line of its name. */
interface Section {
  readonly address: string;
  readonly lines: { sign: Sign; text: string }[];
}

/** Reads the text that ndiff (of nmap 7) prints. Lines begin with `-`, `+` or a blank. */
export function readNdiff(text: string): NdiffReading {
  const readings = cutSections(text).map(readSection);
  return {
    reported: readings.flatMap(({ reported }) => reported),
    flips: readings.reduce((sum, { flips }) => sum + flips, 0),
  };
}

/** `10.77.1.5:`, or with a name `host.example (10.77.1.5):`, and a MAC may stand behind. */
const TITLE = /^(?:\S+ \()?(\d+\.\d+\.\d+\.\d+)\)?(?:, [^:]+(?::[0-9A-F]{2}){5})?:$/;

function cutSections(text: string): Section[] {
  const sections: Section[] = [];
  for (const line of text.split('\n')) {
    const [sign, rest] = [line.slice(0, 1) as Sign, line.slice(1).trimEnd()];
    const [, address] = TITLE.exec(rest) ?? [];
    if (address) sections.push({ address, lines: [] });
    else sections.at(-1)?.lines.push({ sign, text: rest });
  }
  return sections;
}

function readSection({ address, lines }: Section): NdiffReading {
  const states = lines.filter(({ sign, text }) => sign !== ' ' && /^Host is (up|down)/.test(text));
  // A host in both files whose state changed has two such lines; the second one is how it is now.
  const state = states.at(-1);
  if (!state) return readPorts(address, readPortLines(lines, '-'), readPortLines(lines, '+'));
  const appeared = (state.sign === '+') === state.text.startsWith('Host is up');
  return { reported: [{ kind: appeared ? 'appeared' : 'gone', address }], flips: 0 };
}

function readPortLines(lines: Section['lines'], sign: Sign): Map<number, PortLine> {
  return new Map(
    lines.flatMap(({ sign: own, text }): [number, PortLine][] => {
      const [, port, state] = /^(\d+)\/tcp\s+(\S+)/.exec(text) ?? [];
      return own === sign && state ? [[Number(port), { state, text }]] : [];
    }),
  );
}

function readPorts(
  address: string,
  before: ReadonlyMap<number, PortLine>,
  after: ReadonlyMap<number, PortLine>,
): NdiffReading {
  const ports = [...new Set([...before.keys(), ...after.keys()])];
  const readings = ports.map((port) => {
    const [was, is] = [before.get(port)?.state === 'open', after.get(port)?.state === 'open'];
    if (!was && !is) return { flips: 1, reported: [] };
    const kind = was && is ? 'changed' : is ? 'appeared' : 'gone';
    return { flips: 0, reported: [{ kind, address, protocol: 'tcp', port } as const] };
  });
  return {
    reported: readings.flatMap(({ reported }) => reported),
    flips: readings.filter(({ flips }) => flips > 0).length,
  };
}
