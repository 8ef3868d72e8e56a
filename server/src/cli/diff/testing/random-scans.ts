import { attributes } from '../../../formats/nmap/xml-text.ts';

interface Port {
  port: number;
  protocol: string;
  state: string;
  service: Record<string, string>;
  scripts: Script[];
}
interface Script {
  id: string;
  output: string;
}
interface Host {
  state: string;
  addresses: { addr: string; addrtype: string }[];
  names: string[];
  ports: Port[];
  rest: { state: string; count: number }[];
  os: string[];
  scripts: Script[];
  timedOut: boolean;
}
interface Scan {
  args: string;
  start: number;
  before: Script[];
  after: Script[];
  hosts: Host[];
}

/** Two scans in nmap's XML, of which the second is the first with some changes; by a seed. */
export function buildScanPair(seed: number): [before: string, after: string] {
  const chance = createChance(seed);
  const scan = randomScan(chance);
  const other = changeScan(structuredClone(scan), chance);
  return [writeScan(scan, chance), writeScan(other, chance)];
}

/** mulberry32: small, and the same everywhere. */
function createChance(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  return {
    below,
    pick,
    happens: (probability: number) => next() < probability,
    some: <Item>(items: readonly Item[], most: number) => [
      ...new Set(Array.from({ length: below(most + 1) }, () => pick(items))),
    ],
  };
}

type Chance = ReturnType<typeof createChance>;

const STATES = ['up', 'up', 'up', 'up', 'down', 'unknown'];
const NAMES = ['alpha.example', 'beta.example', 'gämma.example', 'host&.example'];
const PORT_STATES = ['open', 'open', 'open', 'closed', 'filtered', 'open|filtered', 'unfiltered'];
const REST_STATES = ['closed', 'filtered', 'open|filtered'];
const PROTOCOLS = ['tcp', 'tcp', 'tcp', 'udp', 'sctp', 'ip'];
const PORTS = [7, 22, 80, 443, 8080, 65_535];
const SERVICE: Record<string, string[]> = {
  name: ['ssh', 'http', 'domain', 'ms-wbt-server'],
  product: ['nginx', 'Apache httpd', 'OpenSSH', 'Tüv <Server> "x"'],
  version: ['1.22.1', '1.22.1-patched', '9.2p1 Debian 2+deb12u3'],
  extrainfo: ['Debian', 'protocol 2.0', 'a & b'],
  tunnel: ['ssl'],
};
const SYSTEMS = ['Linux 5.0 - 5.14', 'Linux 4.15', 'FreeBSD 13', 'HP printer', 'Linux 6.1'];
const SCRIPT_IDS = ['http-title', 'ssl-cert', 'banner', 'smb-os-discovery'];
const LINES = ['Welcome', '  Subject: a=b', 'Not valid after: 2027', 'x', '', 'key\tvalue', '<b>&'];

function randomScan(chance: Chance): Scan {
  return {
    args: chance.pick(['nmap -sV 10.0.0.0/28', 'nmap -p- -O 10.0.0.0/28']),
    start: 1_750_000_000 + chance.below(10_000_000),
    before: randomScripts(chance, 0.2),
    after: randomScripts(chance, 0.2),
    hosts: Array.from({ length: chance.below(16) }, (_, number) => randomHost(number, chance)),
  };
}

function randomHost(number: number, chance: Chance): Host {
  const rest = chance.some(REST_STATES, 2).sort();
  return {
    state: chance.pick(STATES),
    addresses: randomAddresses(number, chance),
    names: chance.some(NAMES, 2),
    ports: randomPorts(chance),
    rest: rest.map((state) => ({ state, count: 1 + chance.below(1000) })),
    os: chance.happens(0.3) ? chance.some(SYSTEMS, 4) : [],
    scripts: randomScripts(chance, 0.3),
    timedOut: chance.happens(0.05),
  };
}

function randomAddresses(number: number, chance: Chance) {
  const ip = chance.happens(0.8)
    ? { addr: `10.0.0.${number * 9 + 1}`, addrtype: 'ipv4' }
    : { addr: `2001:db8::${number}`, addrtype: 'ipv6' };
  const mac = { addr: `02:00:00:00:00:0${chance.below(4)}`, addrtype: 'mac' };
  return chance.happens(0.3) ? [ip, mac] : [ip];
}

function randomPorts(chance: Chance): Port[] {
  const ports = Array.from({ length: chance.below(7) }, () => randomPort(chance));
  const last = new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port]));
  return [...last.values()];
}

function randomPort(chance: Chance): Port {
  return {
    port: chance.pick(PORTS),
    protocol: chance.pick(PROTOCOLS),
    state: chance.pick(PORT_STATES),
    service: randomService(chance),
    scripts: randomScripts(chance, 0.2),
  };
}

function randomService(chance: Chance): Record<string, string> {
  const said = Object.entries(SERVICE).filter(([key]) =>
    chance.happens(key === 'tunnel' ? 0.1 : 0.6),
  );
  return Object.fromEntries(said.map(([key, texts]) => [key, chance.pick(texts)]));
}

function randomScripts(chance: Chance, probability: number): Script[] {
  if (!chance.happens(probability)) return [];
  return chance.some(SCRIPT_IDS, 3).map((id) => ({ id, output: randomOutput(chance) }));
}

function randomOutput(chance: Chance): string {
  // Now and then long enough for the lines that are too frequent to be matched.
  const length = chance.happens(0.01) ? 200 + chance.below(100) : chance.below(9);
  return Array.from({ length }, () => chance.pick(LINES)).join('\n');
}

function changeScan(scan: Scan, chance: Chance): Scan {
  if (chance.happens(0.15)) return scan;
  if (chance.happens(0.7)) scan.start += 86_400;
  if (chance.happens(0.2)) scan.before = randomScripts(chance, 0.5);
  if (chance.happens(0.2)) scan.after = randomScripts(chance, 0.5);
  for (const host of scan.hosts) if (chance.happens(0.6)) changeHost(host, chance);
  scan.hosts = scan.hosts.filter(() => !chance.happens(0.15));
  if (chance.happens(0.2)) scan.hosts.push(randomHost(chance.below(20), chance));
  if (chance.happens(0.2)) scan.hosts.reverse();
  return scan;
}

function changeHost(host: Host, chance: Chance): void {
  if (chance.happens(0.15)) host.state = chance.pick(STATES);
  if (chance.happens(0.15)) host.names = chance.some(NAMES, 2);
  if (chance.happens(0.1)) host.addresses.push({ addr: '02:00:00:00:00:0f', addrtype: 'mac' });
  if (chance.happens(0.2)) host.os = chance.some(SYSTEMS, 4);
  if (chance.happens(0.2)) host.scripts = randomScripts(chance, 0.8);
  for (const rest of host.rest) if (chance.happens(0.2)) rest.count += 1;
  if (chance.happens(0.1)) host.rest.pop();
  for (const port of host.ports) if (chance.happens(0.3)) changePort(port, chance);
  host.ports = host.ports.filter(() => !chance.happens(0.15));
  if (chance.happens(0.2)) host.ports = [...host.ports, ...randomPorts(chance)];
}

function changePort(port: Port, chance: Chance): void {
  if (chance.happens(0.4)) port.state = chance.pick(PORT_STATES);
  if (chance.happens(0.5)) port.service = randomService(chance);
  if (chance.happens(0.3)) port.scripts = randomScripts(chance, 0.8);
  const [script] = port.scripts;
  if (script && chance.happens(0.5)) script.output += `\n${chance.pick(LINES)}`;
}

function writeScan({ args, start, before, after, hosts }: Scan, chance: Chance): string {
  const scripts = (name: string, all: Script[]) =>
    all.length > 0 ? `<${name}>${all.map(writeScript).join('')}</${name}>\n` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<!-- Nmap 7.93 scan initiated as: nmap -->
<nmaprun scanner="nmap"${attributes({ args, start })} version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
${scripts('prescript', before)}${hosts.map((host) => writeHost(host, start, chance)).join('')}${scripts('postscript', after)}<runstats><finished time="${start + 60}" exit="success"/></runstats>
</nmaprun>
`;
}

function writeHost(host: Host, start: number, chance: Chance): string {
  const { state, addresses, names, ports, rest, os, scripts, timedOut } = host;
  const hint = chance.happens(0.2)
    ? '<hosthint><status state="up"/><address addr="10.9.9.9" addrtype="ipv4"/></hosthint>\n'
    : '';
  return `${hint}<host starttime="${start}" endtime="${start + 9}"${timedOut ? ' timedout="true"' : ''}>${empty('status', { state, reason: 'echo-reply' })}
${addresses.map((address) => empty('address', address)).join('\n')}
<hostnames>${names.map((name) => empty('hostname', { name, type: 'PTR' })).join('')}</hostnames>
<ports>${rest.map((one) => `<extraports${attributes({ ...one })}/>`).join('')}${ports.map(writePort).join('\n')}</ports>
${os.length > 0 ? `<os>${os.map((name) => empty('osmatch', { name, accuracy: '100' })).join('')}</os>` : ''}
${scripts.length > 0 ? `<hostscript>${scripts.map(writeScript).join('')}</hostscript>` : ''}<times srtt="${chance.below(10_000)}" rttvar="1" to="100000"/>
</host>
`;
}

function writePort({ port, protocol, state, service, scripts }: Port): string {
  const said = Object.keys(service).length > 0 ? empty('service', { ...service, conf: '10' }) : '';
  return `<port protocol="${protocol}" portid="${port}">${empty('state', { state })}${said}${scripts.map(writeScript).join('')}</port>`;
}

const writeScript = ({ id, output }: Script) => empty('script', { id, output });
const empty = (name: string, said: Record<string, string>) => `<${name}${attributes(said)}/>`;
