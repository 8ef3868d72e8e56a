import type { Probe } from '../evidence/finding.ts';
import type { Sighting } from '../host/belief.ts';
import type { DownAfter } from '../host/silence-rule.ts';
import type { Protocol, ServiceFacts } from '../snapshot/snapshot.ts';
import type { DeltaKind } from './kinds.ts';

/** One side of a service delta. `filtered` is silence or an ICMP refusal; nmap's word for both. */
export interface ServiceSide {
  readonly state: 'open' | 'closed' | 'filtered';
  readonly reason: string;
  readonly service?: ServiceFacts;
}

/** One side of a host delta, with the services that it had or has. */
export interface HostSide {
  readonly up: boolean;
  readonly reason: string;
  readonly names: readonly string[];
  readonly services: readonly { protocol: Protocol; port: number; service?: ServiceFacts }[];
}

/** One side of `host.moved`: where the host was or is. */
export interface PlaceSide extends HostSide {
  readonly address: string;
  /** The MAC address or name by which it was recognised. */
  readonly identity: string;
}

/** One side of a subnet delta: the hosts that changed together. */
export interface SubnetSide {
  readonly up: boolean;
  readonly addresses: readonly string[];
}

/** One side of a delta about steadiness: it flaps, or not; with its state at that moment. */
export interface SteadinessSide {
  readonly flapping: boolean;
  /** `up`, `down`, `open` or `closed`. */
  readonly state: 'up' | 'down' | 'open' | 'closed';
  /** How many changes within the window. */
  readonly changes: number;
}

/** One side of a delta about a host that accepts connections on any port. */
export interface EverythingSide {
  readonly answersEverything: boolean;
  /** How many of the asked ports were open. */
  readonly openPorts: number;
}

/** One side of `scanner.blind`. */
export interface ScannerSide {
  /** Hosts that were silent and are held. */
  readonly silentHosts: number;
  /** Sentinels that were asked, none of which answered. */
  readonly sentinels: readonly string[];
}

/** One side of a target delta. */
export interface TargetSide {
  /** How many addresses the target makes; absent for a host name. */
  readonly addresses?: number;
}

/** What speaks for a delta: the answer (or silence) that decided it, and the rule that applied. */
export interface Evidence {
  /** The engine's reason of the deciding observation: `syn-ack`, `reset`, `no-response` … */
  readonly reason: string;
  /** The consecutive silent scans, when silence decided. */
  readonly silence?: {
    readonly scans: number;
    readonly since: Sighting;
    readonly downAfter: DownAfter;
  };
  /** The probability 0–1 that the change is real; absent where nothing was weighed. */
  readonly likelihood?: number;
  /** How it was asked again within the scan. */
  readonly confirmation?: Confirmation;
}

/** The probes that were sent because of a doubt, and what they were weighed with. */
export interface Confirmation {
  /** The probability 0–1 that the change is real, before the probes. */
  readonly prior: number;
  /** The probability 0–1 that a live endpoint leaves one probe unanswered. */
  readonly loss: number;
  readonly probes: readonly Probe[];
}

interface DeltaOf<Subject, Side> {
  readonly evidence: Evidence;
  readonly before: Side | null;
  readonly after: Side | null;
  readonly subject: Subject;
}

export type TargetKind = 'target.added' | 'target.removed';
export type HostKind = 'host.new' | 'host.returned' | 'host.down';
export type ServiceKind =
  | 'service.opened'
  | 'service.closed'
  | 'service.filtered'
  | 'service.changed';
export type SubnetKind = 'subnet.down' | 'subnet.returned';

interface HostSubject {
  readonly address: string;
}
interface ServiceSubject extends HostSubject {
  readonly protocol: Protocol;
  readonly port: number;
}

/** A judged change. `subject` is its identity within a group; `before` and `after` tell the change. */
export type Delta =
  | ({ readonly kind: TargetKind } & DeltaOf<{ readonly target: string }, TargetSide>)
  | ({ readonly kind: HostKind } & DeltaOf<HostSubject, HostSide>)
  | ({ readonly kind: 'host.moved' } & DeltaOf<HostSubject, PlaceSide>)
  | ({ readonly kind: 'host.answersEverything' } & DeltaOf<HostSubject, EverythingSide>)
  | ({ readonly kind: 'host.flapping' } & DeltaOf<HostSubject, SteadinessSide>)
  | ({ readonly kind: ServiceKind } & DeltaOf<ServiceSubject, ServiceSide>)
  | ({ readonly kind: 'service.flapping' } & DeltaOf<ServiceSubject, SteadinessSide>)
  | ({ readonly kind: SubnetKind } & DeltaOf<{ readonly target: string }, SubnetSide>)
  | ({ readonly kind: 'scanner.blind' } & DeltaOf<{ readonly target: string }, ScannerSide>);

/** The deltas of one kind, or of several. */
export type DeltaOfKind<Kind extends DeltaKind> = Extract<Delta, { readonly kind: Kind }>;
