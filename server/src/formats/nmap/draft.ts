import type { ScriptOutput } from '@netdelta/core/snapshot/snapshot.ts';

/** The attributes of one XML element, entities resolved. */
export type Attributes = Readonly<Record<string, string>>;

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
  readonly ports: PortDraft[];
  readonly extras: ExtraDraft[];
  readonly scripts: ScriptOutput[];
}

/** An empty host, as its opening tag leaves it. */
export function createHostDraft(attributes: Attributes): HostDraft {
  return {
    timedOut: attributes.timedout === 'true',
    status: '',
    reason: '',
    hasPorts: false,
    names: new Set(),
    ports: [],
    extras: [],
    scripts: [],
  };
}
