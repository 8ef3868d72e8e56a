import type { Sighting } from '../host/belief.ts';
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
    readonly downAfter: number;
  };
}

interface DeltaOf<Subject, Side> {
  readonly evidence: Evidence;
  readonly before: Side | null;
  readonly after: Side | null;
  readonly subject: Subject;
}

export type TargetKind = Extract<DeltaKind, `target.${string}`>;
export type HostKind = Extract<DeltaKind, `host.${string}`>;
export type ServiceKind = Extract<DeltaKind, `service.${string}`>;

/** A judged change. `subject` is its identity within a group; `before` and `after` tell the change. */
export type Delta =
  | ({ readonly kind: TargetKind } & DeltaOf<{ readonly target: string }, TargetSide>)
  | ({ readonly kind: HostKind } & DeltaOf<{ readonly address: string }, HostSide>)
  | ({ readonly kind: ServiceKind } & DeltaOf<
      { readonly address: string; readonly protocol: Protocol; readonly port: number },
      ServiceSide
    >);
