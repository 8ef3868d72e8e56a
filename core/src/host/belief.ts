import type { Contact } from '../evidence/contact.ts';
import type { Unsteady } from '../evidence/flapping.ts';
import type { PortCoverage, Protocol, ScriptOutput, ServiceFacts } from '../snapshot/snapshot.ts';
import type { HostStatus } from './status.ts';

/** A moment of looking: which scan, and when (ISO 8601, UTC). */
export interface Sighting {
  readonly scanId: string;
  readonly at: string;
}

/** Consecutive covering scans in which a live host or service did not answer. */
export interface Silence {
  readonly scans: number;
  readonly since: Sighting;
  /** The probability 0–1 that it is gone, by all probes so far; absent where none was sent. */
  readonly likelihood?: number;
}

/** An open service as NetDelta believes it. Its identity is (protocol, port), never its name. */
export interface ServiceBelief {
  readonly protocol: Protocol;
  readonly port: number;
  readonly reason: string;
  readonly service?: ServiceFacts;
  readonly scripts?: readonly ScriptOutput[];
  readonly silence?: Silence;
}

/** What NetDelta believes of one address of a group between two scans. */
export interface HostBelief {
  readonly address: string;
  readonly status: HostStatus;
  /** The engine's reason of its last answer, or of its silence if it never answered. */
  readonly reason: string;
  /** The way of asking (discoveryWay) that it last answered; silence to another way proves nothing. */
  readonly seenBy?: string;
  /** How it can be asked again, the surest way first; empty until it was seen up. */
  readonly contacts: readonly Contact[];
  readonly names: readonly string[];
  readonly mac?: string;
  readonly macVendor?: string;
  readonly os?: string;
  /** Ports of which the state is known because a scan covered them while the host was up. */
  readonly known: PortCoverage;
  readonly services: readonly ServiceBelief[];
  readonly silence?: Silence;
  /** What of it changed lately: the host itself, or endpoints. Empty nearly always. */
  readonly unsteady: readonly Unsteady[];
  /** It accepts connections on any port: what it offers cannot be told. */
  readonly answersEverything?: true;
}
