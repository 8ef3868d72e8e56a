import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A network as nmap would see it, the same for the same numbers. */
export interface ScanShape {
  /** Hosts that answer: 10.0.0.0 and those after it. */
  readonly hosts: number;
  /** Open TCP ports of each. */
  readonly services: number;
  /** Which night it is: times, round-trip times and changed hosts differ from night to night. */
  readonly night: number;
  /** The share of hosts (0–1) that are not as in night 0: one service is another, one is gone. */
  readonly changed: number;
}

const FIRST_NIGHT = Date.UTC(2025, 0, 1, 2) / 1000;
const DAY = 86_400;

/** Open ports, the usual first; at most so many services has a host. */
const OFFERS: readonly (readonly [port: number, name: string, product: string, version: string])[] =
  [
    [22, 'ssh', 'OpenSSH', '9.2p1 Debian 2+deb12u3'],
    [80, 'http', 'nginx', '1.22.1'],
    [443, 'http', 'Apache httpd', '2.4.62'],
    [25, 'smtp', 'Postfix smtpd', ''],
    [110, 'pop3', 'Dovecot pop3d', ''],
    [143, 'imap', 'Dovecot imapd', ''],
    [3306, 'mysql', 'MySQL', '8.0.36'],
    [8080, 'http-proxy', 'Squid http proxy', '5.7'],
    [5432, 'postgresql', 'PostgreSQL DB', '15.4'],
    [21, 'ftp', 'vsftpd', '3.0.3'],
  ];

/** When the scan of a night began, seconds since 1970. */
function startOf(night: number): number {
  return FIRST_NIGHT + night * DAY;
}

/** The address of the n-th host. */
function addressOf(host: number): string {
  return `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}

/** Writes what `nmap -sS -sV -oX` would have written of such a network. */
export async function writeScan(path: string, shape: ScanShape): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  for (const piece of listPieces(shape)) if (!file.write(piece)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}

function* listPieces(shape: ScanShape): Generator<string> {
  const start = startOf(shape.night);
  const end = start + 3_600;
  const args = `nmap -sS -sV -T4 -oX scan.xml 10.0.0.0/${32 - Math.ceil(Math.log2(shape.hosts))}`;
  yield `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated ${asctime(start)} as: ${args} -->
<nmaprun scanner="nmap" args="${args}" start="${start}" startstr="${asctime(start)}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="${SERVICES}"/>
<verbose level="0"/>
<debugging level="0"/>
`;
  for (let host = 0; host < shape.hosts; host += 1) yield describeHost(shape, host, start);
  yield `<runstats><finished time="${end}" timestr="${asctime(end)}" summary="Nmap done at ${asctime(end)}; ${shape.hosts} IP addresses (${shape.hosts} hosts up) scanned in 3600.00 seconds" elapsed="3600.00" exit="success"/><hosts up="${shape.hosts}" down="0" total="${shape.hosts}"/>
</runstats>
</nmaprun>
`;
}

function describeHost(shape: ScanShape, host: number, start: number): string {
  const begun = start + (host >> 6);
  const trip = 300 + ((host * 7 + shape.night * 13) % 900);
  const changed = isChanged(shape, host);
  const ports = OFFERS.slice(0, shape.services)
    .slice(changed ? 1 : 0)
    .map((_, index) => describePort(index + (changed ? 1 : 0), host, changed))
    .join('\n');
  return `<host starttime="${begun}" endtime="${begun + 60}"><status state="up" reason="echo-reply" reason_ttl="63"/>
<address addr="${addressOf(host)}" addrtype="ipv4"/>
<hostnames>
<hostname name="host-${host}.example.net" type="PTR"/>
</hostnames>
<ports><extraports state="closed" count="${1000 - shape.services}">
<extrareasons reason="reset" count="${1000 - shape.services}" proto="tcp" ports="${SERVICES}"/>
</extraports>
${ports}
</ports>
<times srtt="${trip}" rttvar="${trip * 2}" to="100000"/>
</host>
`;
}

function describePort(index: number, host: number, changed: boolean): string {
  const [port, name, product, version] = OFFERS[index % OFFERS.length] ?? [0, '', '', ''];
  const shown = changed && index === 1 ? `${version}-patched` : version;
  return `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack" reason_ttl="63"/><service name="${name}" product="${product}"${shown && ` version="${shown}"`} extrainfo="build ${host % 10}" ostype="Linux" method="probed" conf="10"><cpe>cpe:/a:${name}:${name}</cpe></service></port>`;
}

/** Spreads the changed hosts over the network, other ones each night. */
function isChanged({ changed, night }: ScanShape, host: number): boolean {
  if (night === 0 || changed === 0) return false;
  const every = Math.max(1, Math.round(1 / changed));
  return host % every === night % every;
}

/** A thousand ports, those of the offers among them. */
const SERVICES = '1-997,3306,5432,8080';

const asctime = (seconds: number) => new Date(seconds * 1000).toUTCString().replace(',', '');
