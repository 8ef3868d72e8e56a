import type { PortSet } from './port-set.ts';

export type Protocol = 'tcp' | 'udp';

/**
 * What one probe of an endpoint showed. `silent` is no answer at all (nmap: `filtered` or
 * `open|filtered` by no-response); `filtered` is a positive refusal on the way (ICMP prohibited).
 */
export type PortState = 'open' | 'closed' | 'filtered' | 'silent';

/**
 * How the name of a service is known: `probed` by what it said, or read from the port `table`
 * (nmap: `method="table" conf="3"`), which says nothing about what really listens.
 */
export type ServiceMethod = 'probed' | 'table';

/** What version detection learned of a service. Every text is as the engine gave it. */
export interface ServiceFacts {
  readonly method: ServiceMethod;
  readonly name?: string;
  readonly product?: string;
  readonly version?: string;
  readonly extraInfo?: string;
  readonly tunnel?: string;
  readonly hostName?: string;
  readonly osType?: string;
  readonly deviceType?: string;
  readonly cpe?: readonly string[];
  /** The first bytes that the service said by itself or to nmap's probes, if nothing matched. */
  readonly fingerprint?: string;
}

/** The output of one NSE script, as text. */
export interface ScriptOutput {
  readonly id: string;
  readonly output: string;
}

/** What a scan saw of one (protocol, port) of a host, with the engine's own reason. */
export interface EndpointObservation {
  readonly protocol: Protocol;
  readonly port: number;
  readonly state: PortState;
  /** nmap's reason: `syn-ack`, `reset`, `conn-refused`, `no-response`, `admin-prohibited` … */
  readonly reason: string;
  readonly service?: ServiceFacts;
  readonly scripts?: readonly ScriptOutput[];
}

/** Many endpoints in one state for one reason (nmap's extraports). */
export interface EndpointGroup {
  readonly protocol: Protocol;
  readonly ports: PortSet;
  readonly state: Exclude<PortState, 'open'>;
  readonly reason: string;
}

/** The ports, by protocol, that a scan asked and finished asking. */
export type PortCoverage = Readonly<Record<Protocol, PortSet>>;

/** What a scan saw of one address. Only finished hosts are observations: see HostOutcome. */
export interface HostObservation {
  readonly address: string;
  /** `up` needs an answer of some kind; an address that nmap only assumed up (`user-set`) is silent. */
  readonly status: 'up' | 'silent';
  /** Why: `echo-reply`, `arp-response`, `syn-ack`, `conn-refused`, `localhost-response`, `no-response` … */
  readonly reason: string;
  readonly names: readonly string[];
  readonly mac?: string;
  readonly macVendor?: string;
  readonly os?: string;
  readonly endpoints: readonly EndpointObservation[];
  readonly rest: readonly EndpointGroup[];
  /** What was asked of this address. Empty sets when the host was silent in discovery. */
  readonly covered: PortCoverage;
  readonly scripts?: readonly ScriptOutput[];
}

/** An address that was asked but not finished: it changes nothing. */
export interface UncoveredHost {
  readonly address: string;
  readonly reason:
    | 'host-timeout'
    | 'truncated'
    | 'cancelled'
    | 'engine-error'
    | 'scanner-blind'
    | 'outside-scope';
}

/** What one shard of a scan saw. An address in neither list was not reached. */
export interface Snapshot {
  readonly hosts: readonly HostObservation[];
  readonly uncovered: readonly UncoveredHost[];
}
