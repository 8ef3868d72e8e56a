import {
  ADDRESS_TYPES,
  type AddressType,
  byPort,
  byScript,
  type HostListing,
  type ListedAddress,
  type ListedPort,
  type ListedService,
  type ScanHeading,
} from '@netdelta/core/compare/listing.ts';
import type { ScriptOutput } from '@netdelta/core/snapshot/snapshot.ts';
import type { Attributes } from '../xml/attributes.ts';

/** All that is kept between two tags of a file that is read as it stands there. */
export interface ListingState {
  readonly onHost: (host: HostListing) => void;
  /** The names of the open elements, the outermost first. */
  readonly open: string[];
  host: HostDraft | null;
  port: PortDraft | null;
  /** What the last `<port>` or `<extraports>` left behind; null: nothing. */
  lastPort: ListedPort | null;
  lastRest: readonly [state: string, count: number] | null;
  heading: Omit<ScanHeading, 'before' | 'after'>;
  readonly before: ScriptOutput[];
  readonly after: ScriptOutput[];
  exit: 'success' | 'error' | null;
  errorMessage: string | null;
  /** Whether there was anything of a scan. */
  begun: boolean;
}

interface HostDraft {
  state: string | null;
  readonly addresses: ListedAddress[];
  readonly names: string[];
  readonly ports: ListedPort[];
  readonly rest: Map<string, number>;
  readonly os: string[];
  readonly scripts: ScriptOutput[];
}

interface PortDraft {
  readonly port: number;
  readonly protocol: string;
  state: string | null;
  service: ListedService;
  readonly scripts: ScriptOutput[];
}

type Opener = (state: ListingState, attributes: Attributes) => void;

/** What the opening of an element does, by the element and what it lies in. Others are passed over. */
export const OPENERS: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ['nmaprun', openRun],
  ['nmaprun/host', openHost],
  ['host/status', openStatus],
  ['host/address', openAddress],
  ['hostnames/hostname', openName],
  ['ports/extraports', openRest],
  ['ports/port', openPort],
  ['port/state', openState],
  ['port/service', openService],
  ['os/osmatch', openOs],
  ['port/script', (state, script) => keepScript(state.port?.scripts, script)],
  ['hostscript/script', (state, script) => keepScript(state.host?.scripts, script)],
  ['prescript/script', (state, script) => keepScript(state.before, script)],
  ['postscript/script', (state, script) => keepScript(state.after, script)],
  ['runstats/finished', openFinished],
]);

function openRun(state: ListingState, attributes: Attributes): void {
  const { scanner, version, args, start } = attributes;
  state.begun = true;
  state.heading = {
    scanner: scanner ?? null,
    version: version ?? null,
    args: args ?? null,
    start: seconds(start),
    end: null,
  };
}

function openHost(state: ListingState): void {
  state.host = {
    state: null,
    addresses: [],
    names: [],
    ports: [],
    rest: new Map(),
    os: [],
    scripts: [],
  };
}

function openStatus({ host }: ListingState, { state }: Attributes): void {
  if (host && state !== undefined) host.state = state;
}

function openAddress({ host }: ListingState, { addr, addrtype = 'ipv4' }: Attributes): void {
  if (!host || addr === undefined || !isAddressType(addrtype)) return;
  const known = host.addresses.some(({ type, address }) => type === addrtype && address === addr);
  if (!known) host.addresses.push({ type: addrtype, address: addr });
}

function isAddressType(text: string): text is AddressType {
  return ADDRESS_TYPES.some((type) => type === text);
}

function openName({ host }: ListingState, { name }: Attributes): void {
  if (host && name !== undefined && !host.names.includes(name)) host.names.push(name);
}

function openRest(state: ListingState, attributes: Attributes): void {
  const { state: word, count = '' } = attributes;
  if (!state.host || word === undefined) return;
  state.lastRest = [word, /^\d+$/.test(count) ? Number(count) : 0];
  state.host.rest.set(...state.lastRest);
}

/** What has no number or no protocol is passed over, as by ndiff. */
function openPort(state: ListingState, { protocol, portid = '' }: Attributes): void {
  if (protocol === undefined || !/^\d{1,9}$/.test(portid)) return;
  state.port = { protocol, port: Number(portid), state: null, service: {}, scripts: [] };
}

function openState({ port }: ListingState, { state }: Attributes): void {
  if (port && state !== undefined) port.state = state;
}

function openService({ port }: ListingState, attributes: Attributes): void {
  if (!port) return;
  const { name, product, version, extrainfo: extraInfo, tunnel } = attributes;
  port.service = { name, product, version, extraInfo, tunnel };
}

function openOs({ host }: ListingState, { name }: Attributes): void {
  if (host && name !== undefined) host.os.push(name);
}

function keepScript(scripts: ScriptOutput[] | undefined, { id, output }: Attributes): void {
  if (id !== undefined && output !== undefined) scripts?.push({ id, output });
}

function openFinished(state: ListingState, { time, exit, errormsg }: Attributes): void {
  state.heading = { ...state.heading, end: seconds(time) };
  state.exit = exit === 'error' ? 'error' : 'success';
  state.errorMessage = errormsg ?? null;
}

/** What the closing of an element does. */
export const CLOSERS: ReadonlyMap<string, (state: ListingState) => void> = new Map([
  ['ports/port', closePort],
  ['nmaprun/host', closeHost],
]);

/** A port of which no state is said is none, as for ndiff. */
function closePort(state: ListingState): void {
  const { port } = state;
  state.port = null;
  if (port) port.scripts.sort(byScript);
  state.lastPort = port && port.state !== null ? port : null;
  addPort(state, state.lastPort);
}

/** Adds a port to the host that is read. */
export function addPort({ host }: ListingState, port: ListedPort | null): void {
  if (port) host?.ports.push(port);
}

function closeHost(state: ListingState): void {
  const { host, onHost } = state;
  state.host = null;
  if (!host) return;
  host.scripts.sort(byScript);
  onHost({ ...host, ports: orderPorts(host.ports) });
}

/** In order, each once: the last word on a port counts. */
function orderPorts(ports: ListedPort[]): ListedPort[] {
  const inOrder = ports.every((port, place) => {
    const last = ports[place - 1];
    return !last || byPort(last, port) < 0;
  });
  if (inOrder) return ports;
  const last = new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port]));
  return [...last.values()].sort(byPort);
}

function seconds(text: string | undefined): number | null {
  return text && /^\d{1,11}$/.test(text) ? Number(text) : null;
}
