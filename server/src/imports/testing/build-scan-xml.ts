interface XmlHost {
  readonly address: string;
  /** Open TCP ports, each with a product where it matters; none: up all the same. */
  readonly open?: Readonly<Record<number, string>>;
  readonly closed?: readonly number[];
  readonly down?: true;
  readonly name?: string;
  readonly mac?: string;
}

interface XmlScan {
  /** ISO 8601, when it ended; it began a minute before. */
  readonly at: string;
  readonly hosts: readonly XmlHost[];
  readonly args?: string;
  /** Ports asked, in nmap's form. */
  readonly ports?: string;
}

/** Writes what nmap would have written of such a scan. */
export function buildScanXml({ at, hosts, args, ports = '1-1000' }: XmlScan): string {
  const end = Date.parse(at) / 1000;
  const command = args ?? 'nmap -sS -oX scan.xml 10.0.0.0/24';
  return `<?xml version="1.0"?>
<nmaprun scanner="nmap" args="${command}" start="${end - 60}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="${ports}"/>
${hosts.map(writeHost).join('\n')}
<runstats><finished time="${end}" elapsed="60" exit="success"/></runstats>
</nmaprun>
`;
}

function writeHost({ address, open = {}, closed = [], down, name, mac }: XmlHost): string {
  const type = address.includes(':') ? 'ipv6' : 'ipv4';
  const own = [
    `<address addr="${address}" addrtype="${type}"/>`,
    mac ? `<address addr="${mac}" addrtype="mac"/>` : '',
    name ? `<hostnames><hostname name="${name}" type="PTR"/></hostnames>` : '',
  ].join('');
  if (down) return `<host><status state="down" reason="no-response"/>${own}</host>`;
  const listed = [
    ...Object.entries(open).map(([port, product]) => writeOpen(port, product)),
    ...closed.map((port) => writePort(port, 'closed', 'reset')),
  ];
  return `<host><status state="up" reason="echo-reply"/>${own}<ports>${listed.join('')}</ports></host>`;
}

function writeOpen(port: string, product: string): string {
  const service = product && `<service name="x" product="${product}" method="probed" conf="10"/>`;
  return writePort(Number(port), 'open', 'syn-ack', service);
}

function writePort(port: number, state: string, reason: string, service = ''): string {
  return `<port protocol="tcp" portid="${port}"><state state="${state}" reason="${reason}"/>${service}</port>`;
}
