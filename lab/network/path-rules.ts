import { PATH_DEVICES } from './topology.ts';

/** Probability 0–1 that a packet is lost on its way to the hosts, and on its way back. */
export interface Loss {
  readonly forward: number;
  readonly back: number;
}

/** Everything silent (the scanner's own link is dead), or one subnet (CIDR) of the others. */
export type Outage = 'none' | 'scanner' | { readonly subnet: string };

export interface PathState {
  readonly loss: Loss;
  /** Probability 0–1 in both directions while a burst lasts; 0 between bursts. */
  readonly burst: number;
  readonly outage: Outage;
}

export const CLEAR_PATH: PathState = { loss: { forward: 0, back: 0 }, burst: 0, outage: 'none' };

/**
 * The path between scanner and hosts, as text for `nft -f`: it counts what the scanner sent before
 * any of it is lost, and what reaches the scanner after. The kernels' own IPv6 chatter is not counted.
 */
export function renderPathTable(): string {
  const devices = `devices = { ${PATH_DEVICES.join(', ')} }`;
  return `table netdev path {
  counter sent { }
  counter received { }
  chain forward { }
  chain back { }
  chain in {
    type filter hook ingress ${devices} priority filter; policy accept;
    meta protocol { ip, arp } counter name sent
    jump forward
  }
  chain out {
    type filter hook egress ${devices} priority filter; policy accept;
    jump back
    meta protocol { ip, arp } counter name received
  }
}
`;
}

/** Lines for one `nft -f`, and so one transaction, that put the path into a state. */
export function renderPathState({ loss, burst, outage }: PathState): string {
  const lines = (['forward', 'back'] as const).flatMap((chain) => [
    `flush chain netdev path ${chain}`,
    ...[...outageRules(outage, chain), ...lossRules(burst), ...lossRules(loss[chain])].map(
      (rule) => `add rule netdev path ${chain} ${rule} drop`,
    ),
  ]);
  return lines.map((text) => `${text}\n`).join('');
}

function outageRules(outage: Outage, chain: 'forward' | 'back'): string[] {
  if (outage === 'none') return [];
  if (outage === 'scanner') return ['meta length >= 0'];
  const side = chain === 'forward' ? 'daddr' : 'saddr';
  return [`ip ${side} ${outage.subnet}`, `arp ${side} ip ${outage.subnet}`];
}

const STEPS = 10_000;

function lossRules(probability: number): string[] {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`a loss of ${probability} is not a probability from 0 to 1`);
  const steps = Math.round(probability * STEPS);
  if (steps === 0) return [];
  return [steps === STEPS ? 'meta length >= 0' : `numgen random mod ${STEPS} < ${steps}`];
}
