import type {
  EndpointGroup,
  EndpointObservation,
  ScriptOutput,
} from '@netdelta/core/snapshot/snapshot.ts';
import type { Attributes } from '../xml/attributes.ts';

/** A `<port>` while it is read. */
export interface PortDraft {
  readonly protocol: string;
  readonly port: number;
  state: string;
  reason: string;
  service?: Attributes;
  readonly cpe: string[];
  readonly scripts: ScriptOutput[];
}

/** An `<extraports>` while it is read. nmap before 7.90 gives its reasons no protocol and no ports. */
export interface ExtraDraft {
  readonly state: string;
  readonly reasons: { reason: string; protocol: string | undefined; ports: string | undefined }[];
  /** What it says, when each reason names its ports. */
  groups?: readonly EndpointGroup[];
}

/** A `<host>` while it is read. */
export interface HostDraft {
  readonly timedOut: boolean;
  address?: string;
  status: string;
  reason: string;
  mac?: string;
  macVendor?: string;
  os?: { name: string; accuracy: number };
  hasPorts: boolean;
  readonly names: Set<string>;
  readonly endpoints: EndpointObservation[];
  readonly extras: ExtraDraft[];
  readonly scripts: ScriptOutput[];
  /** What it takes to hold this host, characters and 128 for each part of it. */
  weight: number;
}

/** An empty host, as its opening tag leaves it. */
export function createHostDraft(attributes: Attributes): HostDraft {
  return {
    timedOut: attributes.timedout === 'true',
    status: '',
    reason: '',
    hasPorts: false,
    names: new Set(),
    endpoints: [],
    extras: [],
    scripts: [],
    weight: 0,
  };
}
