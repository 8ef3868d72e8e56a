import type { LabNetwork } from '../network/lab-network.ts';
import type { Reported } from '../score/reported.ts';

export interface ScanReport {
  /** What this scan tells besides the one before; the first one learns, and tells nothing. */
  readonly reported: readonly Reported[];
  /** Wall time, whatever it asks a second time included. */
  readonly seconds: number;
  /** Lines that it prints besides and a person has to read: for ndiff closed↔filtered, and counts. */
  readonly flips?: number;
  /** Packets sent when its sweep was over; what it sends after that is asking again. */
  readonly sentBySweep?: number;
}

/** Something that scans a network again and again, and tells what changed. */
export interface Scanner {
  readonly name: string;
  readonly scan: () => Promise<ScanReport>;
  readonly close: () => Promise<void>;
}

export interface ScannerOptions {
  /** Also asks services for their versions, and tells when they change. */
  readonly versions: boolean;
}

/** Makes a scanner for a network; it runs within the network's near namespace. */
export type CreateScanner = (network: LabNetwork, options: ScannerOptions) => Promise<Scanner>;
