import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { Engine, EngineAbility } from './engine.ts';

/** Which engine scans and why. Null with problems when nothing fits. */
export interface EngineChoice {
  readonly engine: Engine | null;
  readonly ability: EngineAbility | null;
  /** For a person: which engine, and why this one. */
  readonly choice: string;
  /** What stands in the way, all of it; empty when the scan can do all that is asked. */
  readonly problems: readonly string[];
}

const RIGHTS = 'run NetDelta as root, or give nmap the capability cap_net_raw';

/**
 * Chooses the engine: the one that the profile names, else nmap where it is installed, else
 * connect. Nothing is replaced silently: a named engine that is missing is a problem and no engine.
 */
export async function chooseEngine(
  engines: readonly Engine[],
  options: ScanOptions,
): Promise<EngineChoice> {
  const found = await Promise.all(
    engines.map(async (engine) => ({ engine, ability: await engine.detect() })),
  );
  const named = found.filter(({ engine }) => options.engine === engine.name);
  const candidates = options.engine === 'auto' ? byPreference(found) : named;
  const chosen = candidates.find(({ ability }) => ability.available);
  if (!chosen) return describeNone(options, candidates[0]?.ability);
  const { engine, ability } = chosen;
  const nmap = found.find(({ engine: { name } }) => name === 'nmap')?.ability;
  return {
    engine,
    ability,
    choice: describeChoice(options, ability, nmap),
    problems: findProblems(options, ability),
  };
}

interface Candidate {
  readonly engine: Engine;
  readonly ability: EngineAbility;
}

function byPreference(found: readonly Candidate[]): Candidate[] {
  const order = ['nmap', 'connect'];
  return found.toSorted((a, b) => order.indexOf(a.engine.name) - order.indexOf(b.engine.name));
}

function describeNone(options: ScanOptions, ability: EngineAbility | undefined): EngineChoice {
  const name = options.engine === 'auto' ? 'no engine' : `the engine ${options.engine}`;
  const problem = `${name} is ${options.engine === 'auto' ? '' : 'not '}available here: ${ability?.note ?? 'it is not part of this program.'}`;
  return { engine: null, ability: null, choice: problem, problems: [problem] };
}

function describeChoice(
  options: ScanOptions,
  ability: EngineAbility,
  nmap: EngineAbility | undefined,
): string {
  const why = options.engine === 'auto' ? 'chosen automatically' : 'as the profile says';
  const version = ability.version ? ` ${ability.version}` : '';
  if (ability.name === 'connect') {
    const missing = options.engine === 'auto' && nmap ? ` ${nmap.note}` : '';
    return `connect${version}, ${why}: plain TCP connects.${missing}`;
  }
  const syn = ability.privileged && options.tcpTechnique !== 'connect';
  const technique = syn ? 'SYN scan' : 'TCP connect scan';
  const rights = ability.privileged ? 'with raw sockets' : 'without raw sockets';
  return `nmap${version}, ${why}: ${technique}, ${rights}.`;
}

function findProblems(options: ScanOptions, ability: EngineAbility): string[] {
  const raw = ability.name === 'nmap' && ability.privileged;
  const remedy = ability.name === 'nmap' ? RIGHTS : `choose nmap, and ${RIGHTS}`;
  const problems: string[] = [];
  if (!raw && options.udp.kind !== 'none')
    problems.push(`UDP ports cannot be asked by ${ability.name} here: ${remedy}.`);
  if (!raw && options.osDetection)
    problems.push(`Operating systems cannot be detected by ${ability.name} here: ${remedy}.`);
  if (!raw && options.tcpTechnique === 'syn')
    problems.push(`A SYN scan is not possible by ${ability.name} here: ${remedy}.`);
  if (ability.name === 'connect' && options.scripts.length > 0)
    problems.push('Scripts need nmap: install it, or remove them from the profile.');
  return problems;
}
