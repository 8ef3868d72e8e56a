import { type PortSet, parsePortSet, unionPorts } from '@netdelta/core/snapshot/port-set.ts';
import type { EndpointObservation, ScriptOutput } from '@netdelta/core/snapshot/snapshot.ts';
import { canonicalAddress } from '../address.ts';
import { decideReason } from '../masscan/answer.ts';
import { UnreadableScan } from '../unreadable.ts';
import type { Attributes } from '../xml/attributes.ts';
import { detach } from '../xml/recollection.ts';
import type { ExtraDraft, HostDraft, PortDraft } from './draft.ts';
import { decideHostOutcome, type HostOutcome, listRest, observeEndpoint } from './host-outcome.ts';

/** One report of nmap on one of its own tasks; `fraction` is 0–1 of that task. */
export interface NmapTask {
  readonly task: string;
  readonly fraction: number;
}

/** Who hears what a reader finds, while it reads. */
export interface NmapReaderListener {
  /** Each host when its element closes; one cut off by the end is `uncovered`, `truncated`. */
  readonly onHost: (outcome: HostOutcome) => void;
  readonly onTask?: (task: NmapTask) => void;
  /** An address that answered discovery; its ports are yet to come. */
  readonly onHint?: (address: string) => void;
}

/** All that is kept between two tags: the run's heading and the one host being read. */
export interface ReadingState {
  readonly listener: NmapReaderListener;
  readonly createHost: (attributes: Attributes) => HostDraft;
  /** Takes a host of masscan, which lists each address once for every port of it. */
  readonly collect: (address: string, endpoints: readonly EndpointObservation[]) => void;
  depth: number;
  host?: HostDraft | undefined;
  hint?: boolean;
  port?: PortDraft | undefined;
  extra?: ExtraDraft | undefined;
  /** What the last `<port>`, and the last `<extraports>`, came to. */
  lastEndpoint?: EndpointObservation | null | undefined;
  lastExtra?: ExtraDraft | undefined;
  /** The text of an open `<cpe>` of a service. */
  cpe: string | null;
  services: { tcp: PortSet; udp: PortSet };
  facts: {
    scanner: string;
    version: string;
    args: string;
    start: number | null;
    end: number | null;
    exit: 'success' | 'error' | null;
    errorMessage?: string;
  };
}

/** The scanner whose hosts are collected. */
export const MASSCAN = 'masscan';

/** Texts of one host that a person would never read, characters: 65,536 open ports take a tenth. */
const HEAVIEST_HOST = 128 * 1024 * 1024;
/** What a part of a host takes besides its texts. */
const PART_WEIGHT = 128;

/** Adds a part to what a host takes, so that no single host can take all memory. */
export function weigh(host: HostDraft, characters: number): void {
  host.weight += characters + PART_WEIGHT;
  if (host.weight > HEAVIEST_HOST)
    throw new UnreadableScan(
      `one host holds more than ${HEAVIEST_HOST >> 20} MB of ports, names and scripts: refused`,
    );
}

type Opener = (state: ReadingState, attributes: Attributes) => void;

/** What the opening of an element does. An element that is not here is passed over. */
export const OPENERS: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ['nmaprun', openRun],
  ['scaninfo', openScanInfo],
  ['taskbegin', (state, { task }) => state.listener.onTask?.({ task: task ?? '', fraction: 0 })],
  ['taskprogress', openTaskProgress],
  ['taskend', (state, { task }) => state.listener.onTask?.({ task: task ?? '', fraction: 1 })],
  ['host', openHost],
  ['hosthint', openHint],
  ['status', openStatus],
  ['address', openAddress],
  ['hostname', openHostName],
  ['ports', openPorts],
  ['extraports', openExtraPorts],
  ['extrareasons', openExtraReasons],
  ['port', openPort],
  ['state', openState],
  ['service', openService],
  ['cpe', openCpe],
  ['script', openScript],
  ['osmatch', openOsMatch],
  ['finished', openFinished],
]);

/** What the closing of an element does. */
export const CLOSERS: ReadonlyMap<string, (state: ReadingState) => void> = new Map([
  ['host', closeHost],
  ['hosthint', closeHint],
  ['port', closePort],
  ['cpe', closeCpe],
  ['extraports', closeExtraPorts],
]);

function openRun(state: ReadingState, { scanner, version, args, start }: Attributes): void {
  state.facts.scanner = scanner ?? '';
  state.facts.version = version ?? '';
  state.facts.args = args ?? '';
  state.facts.start = seconds(start);
}

function openScanInfo({ services: asked }: ReadingState, attributes: Attributes): void {
  const { protocol, services } = attributes;
  if (protocol !== 'tcp' && protocol !== 'udp') return;
  const { ports, problems } = parsePortSet(services ?? '');
  if (problems[0]) throw new UnreadableScan(`the ports asked are unreadable: ${problems[0]}`);
  asked[protocol] = unionPorts(asked[protocol], ports);
}

function openTaskProgress({ listener }: ReadingState, { task, percent }: Attributes): void {
  const fraction = Number(percent) / 100;
  if (Number.isFinite(fraction)) listener.onTask?.({ task: task ?? '', fraction });
}

function openHost(state: ReadingState, attributes: Attributes): void {
  state.host = state.createHost(attributes);
}

function openHint(state: ReadingState): void {
  state.hint = true;
}

function openHostName({ host }: ReadingState, { name }: Attributes): void {
  if (!name || !host) return;
  weigh(host, name.length);
  host.names.add(detach(name));
}

function openPorts({ host }: ReadingState): void {
  if (host) host.hasPorts = true;
}

function openStatus({ host }: ReadingState, { state, reason }: Attributes): void {
  if (!host) return;
  host.status = state ?? '';
  host.reason = reason ?? '';
}

function openAddress({ host, hint, listener }: ReadingState, attributes: Attributes): void {
  const { addr = '', addrtype, vendor } = attributes;
  if (addrtype === 'mac') {
    if (host) host.mac = detach(addr);
    if (host && vendor) host.macVendor = detach(vendor);
    return;
  }
  const address = canonicalAddress(addr);
  if (address === null) throw new UnreadableScan(`"${quote(addr)}" is not an IP address`);
  if (host) host.address ??= detach(address);
  else if (hint) listener.onHint?.(address);
}

function openExtraPorts(state: ReadingState, attributes: Attributes): void {
  if (!state.host) return;
  weigh(state.host, 0);
  state.extra = { state: attributes.state ?? '', reasons: [] };
  state.host.extras.push(state.extra);
}

function openExtraReasons({ host, extra }: ReadingState, attributes: Attributes): void {
  const { reason = '', proto, ports } = attributes;
  if (!host || !extra) return;
  weigh(host, ports?.length ?? 0);
  extra.reasons.push({ reason, protocol: proto, ports });
}

function openPort(state: ReadingState, { protocol, portid }: Attributes): void {
  const port = /^\d{1,5}$/.test(portid ?? '') ? Number(portid) : Number.NaN;
  if (!(port <= 65_535)) throw new UnreadableScan(`"${quote(portid)}" is not a port number`);
  if (state.host) weigh(state.host, 0);
  state.cpe = null;
  state.port = { protocol: protocol ?? '', port, state: '', reason: '', cpe: [], scripts: [] };
}

function openState({ port }: ReadingState, { state, reason }: Attributes): void {
  if (!port) return;
  port.state = state ?? '';
  port.reason = reason ?? '';
}

function openService({ host, port }: ReadingState, attributes: Attributes): void {
  if (!port) return;
  const { servicefp = '', ...texts } = attributes;
  const kept = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
  if (host) weigh(host, kept + Math.min(servicefp.length, PART_WEIGHT));
  port.service = attributes;
}

function openCpe(state: ReadingState): void {
  if (state.port) state.cpe = '';
}

function openScript({ port, host }: ReadingState, attributes: Attributes): void {
  const { id = '', output = '' } = attributes;
  if (!host) return;
  weigh(host, id.length + output.length);
  const script: ScriptOutput = { id: detach(id), output: detach(output) };
  (port ?? host).scripts.push(script);
}

function openOsMatch({ host }: ReadingState, { name, accuracy }: Attributes): void {
  const grade = Number(accuracy) || 0;
  if (host && name && grade > (host.os?.accuracy ?? -1))
    host.os = { name: detach(name), accuracy: grade };
}

function openFinished({ facts }: ReadingState, { time, exit, errormsg }: Attributes): void {
  facts.end = seconds(time);
  // nmap before 5.30 has no exit attribute, and writes this element only when all went well.
  facts.exit = exit === 'error' ? 'error' : 'success';
  if (errormsg) facts.errorMessage = errormsg;
}

function closeHint(state: ReadingState): void {
  state.hint = false;
}

function closeExtraPorts(state: ReadingState): void {
  const groups = state.extra && listRest(state.extra);
  if (state.extra && groups) state.extra.groups = groups;
  state.lastExtra = state.extra;
  state.extra = undefined;
}

function closePort(state: ReadingState): void {
  const endpoint = state.port && observeEndpoint(state.port);
  if (endpoint) state.host?.endpoints.push(endpoint);
  state.lastEndpoint = endpoint;
  state.port = undefined;
}

function closeCpe(state: ReadingState): void {
  const { host, port, cpe } = state;
  if (host) weigh(host, cpe?.length ?? 0);
  const name = cpe?.trim();
  if (name) port?.cpe.push(name);
  state.cpe = null;
}

function closeHost(state: ReadingState): void {
  const { host, listener, services } = state;
  state.host = undefined;
  if (!host) return;
  if (state.facts.scanner === MASSCAN) collectHost(state, host);
  else {
    const outcome = decideHostOutcome(host, services);
    if (outcome) listener.onHost(outcome);
  }
}

function collectHost({ collect }: ReadingState, { address, endpoints }: HostDraft): void {
  if (address === undefined) return;
  collect(
    address,
    endpoints.map((one) => ({ ...one, reason: decideReason(one.protocol, one.state, one.reason) })),
  );
}

/** As much of a wrong text as a message should hold. */
function quote(text: string | undefined): string {
  return text !== undefined && text.length > 60 ? `${text.slice(0, 60)}…` : `${text}`;
}

function seconds(text: string | undefined): number | null {
  return text && /^\d+$/.test(text) ? Number(text) : null;
}
