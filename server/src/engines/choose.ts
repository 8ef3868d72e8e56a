import { asksIcmp } from '@netdelta/core/profile/discovery-way.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { Engine, EngineAbility } from './engine.ts';

/** Which engine scans and why. Null with problems when nothing fits. */
export interface EngineChoice {
  readonly engine: Engine | null;
  /** What it can do in this scan: a connect sweep that nmap helps may send raw packets. */
  readonly ability: EngineAbility | null;
  /** For a person: which engine, and why this one. */
  readonly choice: string;
  /** What stands in the way, all of it; empty when the scan can do all that is asked. */
  readonly problems: readonly string[];
}

const RIGHTS = 'run NetDelta as root, or give nmap the capability cap_net_raw';

interface Candidate {
  readonly engine: Engine;
  readonly ability: EngineAbility;
}

/**
 * Chooses the engine: the one that the profile names. Else the connect sweep, which is the faster
 * one, helped by nmap where that is installed; or nmap alone where the profile asks what only nmap
 * can do. Nothing is replaced silently: a named engine that is missing is a problem and no engine.
 */
export async function chooseEngine(
  engines: readonly Engine[],
  options: ScanOptions,
): Promise<EngineChoice> {
  const found = await Promise.all(
    engines.map(async (engine) => ({ engine, ability: await engine.detect() })),
  );
  const named = found.filter(({ engine }) => options.engine === engine.name);
  const candidates = options.engine === 'auto' ? byPreference(found, options) : named;
  const chosen = candidates.find(({ ability }) => ability.available);
  if (!chosen) return describeNone(options, candidates[0]?.ability);
  const nmap = found.find(({ engine: { name } }) => name === 'nmap')?.ability;
  const ability = helpConnect(options, chosen.ability, nmap);
  return {
    engine: chosen.engine,
    ability,
    choice: describeChoice(options, ability, nmap),
    problems: findProblems(options, ability),
  };
}

function byPreference(found: readonly Candidate[], options: ScanOptions): Candidate[] {
  const order = listNmapNeeds(options).length > 0 ? ['nmap', 'connect'] : ['connect', 'nmap'];
  return found.toSorted((a, b) => order.indexOf(a.engine.name) - order.indexOf(b.engine.name));
}

/** What of a profile only nmap can do, in a person's words. */
function listNmapNeeds({ udp, osDetection, scripts, tcpTechnique, discovery }: ScanOptions) {
  const probes = discovery.kind === 'probes' ? discovery : undefined;
  return [
    ...(udp.kind === 'none' ? [] : ['UDP ports']),
    ...(osDetection ? ['operating system detection'] : []),
    ...(scripts.length > 0 ? ['scripts'] : []),
    ...(tcpTechnique === 'syn' ? ['the SYN scan'] : []),
    ...(probes?.tcpAckPorts || probes?.udpPorts ? ['discovery by ACK or UDP'] : []),
  ];
}

function helpConnect(
  options: ScanOptions,
  ability: EngineAbility,
  nmap: EngineAbility | undefined,
): EngineAbility {
  if (ability.name !== 'connect' || options.engine !== 'auto') return ability;
  return { ...ability, privileged: Boolean(nmap?.available && nmap.privileged) };
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
  const automatic = options.engine === 'auto';
  const why = automatic ? 'chosen automatically' : 'as the profile says';
  const version = ability.version ? ` ${ability.version}` : '';
  if (ability.name === 'connect')
    return `connect${version}, ${why}: ${automatic ? describeHelp(options, nmap) : 'plain TCP connects.'}`;
  const syn = ability.privileged && options.tcpTechnique !== 'connect';
  const technique = syn ? 'SYN scan' : 'TCP connect scan';
  const rights = ability.privileged ? 'with raw sockets' : 'without raw sockets';
  const needs = automatic ? listNmapNeeds(options) : [];
  const need = needs.length > 0 ? ` Only nmap can do this: ${needs.join(', ')}.` : '';
  return `nmap${version}, ${why}: ${technique}, ${rights}.${need}`;
}

function describeHelp(options: ScanOptions, nmap: EngineAbility | undefined): string {
  if (!nmap?.available) return `plain TCP connects.${nmap ? ` ${nmap.note}` : ''}`;
  const icmp = nmap.privileged && asksIcmp(options);
  const parts = [
    ...(icmp ? ['asks the silent addresses by ICMP and ARP'] : []),
    ...(options.serviceDetection ? ['identifies new and changed services'] : []),
  ];
  const help = parts.length > 0 ? `; nmap ${nmap.version} ${parts.join(' and ')}` : '';
  const rights = nmap.privileged ? '' : ` ${nmap.note}`;
  return `a sweep by TCP connects, the fastest way to these ports${help}.${rights}`;
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
