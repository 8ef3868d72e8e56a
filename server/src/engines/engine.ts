import type { ProbeCount } from '@netdelta/core/evidence/loss.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { Snapshot } from '@netdelta/core/snapshot/snapshot.ts';

export type EngineName = 'nmap' | 'connect';

/** What an engine can do on this machine, and in `note` what that means or how to get it. */
export interface EngineAbility {
  readonly name: EngineName;
  readonly available: boolean;
  readonly version: string | null;
  /** May send raw packets (SYN scan, UDP, OS detection, ICMP discovery). */
  readonly privileged: boolean;
  /** Started by root, it has raw sockets and no other right of root's. */
  readonly confined?: boolean;
  readonly note: string;
}

export interface EngineProgress {
  /** 0–1 of the whole run. */
  readonly fraction: number;
  readonly hostsUp: number;
  readonly servicesOpen: number;
}

export interface EngineRequest {
  /** 1–256 addresses of one family (IPv4 or IPv6), canonical text. Never names. */
  readonly addresses: readonly string[];
  readonly options: ScanOptions;
  /** The scripts that may run, whatever the options name; absent: the default ones. */
  readonly allowedScripts?: ReadonlySet<string> | undefined;
  /** What is believed of these addresses, by address; none has an entry in a first scan. */
  readonly known: ReadonlyMap<string, HostBelief>;
  /** The last known probability (0–1) that a probe of a live endpoint of these stays unanswered. */
  readonly loss?: number;
  /** Ends the whole run, its process group included, within two seconds. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
}

/**
 * How a run ended. Whatever was finished before the end is in `snapshot`, and only that.
 * `partial` and `failed` (nothing at all was finished) say why in `problem`, for a person.
 */
export interface EngineResult {
  readonly end: 'finished' | 'partial' | 'failed' | 'cancelled';
  readonly problem?: string;
  readonly snapshot: Snapshot;
  /** What was lost on the way to each address, where the engine can tell. */
  readonly counts: ReadonlyMap<string, ProbeCount>;
  /** Program and arguments exactly as run, the addresses left out. */
  readonly command: readonly string[];
  readonly version: string;
  /** Raw output (nmap XML), uncompressed; absent where the engine has none. */
  readonly output?: Buffer;
}

export interface Engine {
  readonly name: EngineName;
  /** Looks at the machine; cheap enough to be asked before each shard. */
  readonly detect: () => Promise<EngineAbility>;
  readonly run: (request: EngineRequest) => Promise<EngineResult>;
}
