import type { Leaf } from '../truth/truth.ts';
import { runCommand } from './run-command.ts';

/**
 * The namespaces of a network: the scanner's, the one behind the path that holds all routed hosts,
 * and one a leaf.
 */
export interface Places {
  readonly near: string;
  readonly far: string;
  readonly leaves: ReadonlyMap<string, string>;
}

/** The two ends of the path in the far namespace: towards the routed subnets, and the own segment. */
export const PATH_DEVICES = ['down0', 'lan0'] as const;

const [NEAR_MAC, FAR_MAC] = ['02:4e:44:4e:00:01', '02:4e:44:4e:00:02'];
const NEAR_LINK = '10.78.0.1';
const FAR_LINK = '10.78.0.2';

/** What the kernel would otherwise add of its own: limits on what it answers, and checks of the way back. */
const FAR_SETTINGS: Readonly<Record<string, string>> = {
  icmp_ratelimit: '0',
  icmp_msgs_per_sec: '1000000',
  'conf/all/rp_filter': '0',
  tcp_max_syn_backlog: '4096',
};

export function placesOf(network: string, leaves: readonly Leaf[]): Places {
  return {
    near: `${network}-near`,
    far: `${network}-far`,
    leaves: new Map(leaves.map(({ name }) => [name, `${network}-${name}`])),
  };
}

/** Makes namespaces (the near one unless it is there), links, addresses and routes. */
export async function buildTopology(
  { near, far, leaves }: Places,
  { macs, nearExists }: { macs: ReadonlyMap<string, string>; nearExists: boolean },
): Promise<void> {
  if (nearExists) await removeOldLinks(near);
  const missing = [...(nearExists ? [] : [near]), far, ...leaves.values()];
  for (const name of missing) await runCommand(['ip', 'netns', 'add', name]);
  await batch([
    `link add up0 netns ${near} address ${NEAR_MAC} type veth peer name down0 netns ${far} address ${FAR_MAC}`,
    `link add lan0 netns ${near} type veth peer name lan0 netns ${far}`,
    ...[...leaves].map(
      ([leaf, name]) =>
        `link add eth0 netns ${name} address ${macs.get(leaf)} type veth peer name ${leaf} netns ${far}`,
    ),
  ]);
  await batch(farLines([...leaves.keys()]), far);
  await batch(NEAR_LINES, near);
  for (const [name, value] of Object.entries(FAR_SETTINGS)) await set(far, name, value);
  for (const name of leaves.values()) {
    await batch(LEAF_LINES, name);
    await set(name, 'icmp_ratelimit', '0');
  }
}

/** Link-local chatter of IPv6 would be counted as packets of the scanner. */
const up = (device: string) => [
  ...(device === 'lo' ? [] : [`link set dev ${device} addrgenmode none`]),
  `link set dev ${device} up`,
];

const NEAR_LINES = [
  ...['lo', 'up0', 'lan0'].flatMap(up),
  `addr add ${NEAR_LINK}/30 dev up0`,
  `addr add 10.79.0.1/24 dev lan0`,
  `neigh replace ${FAR_LINK} lladdr ${FAR_MAC} dev up0 nud permanent`,
  `route add default via ${FAR_LINK}`,
];

const LEAF_LINES = [...up('lo'), 'link set dev eth0 addrgenmode none'];

function farLines(leaves: readonly string[]): string[] {
  const ports = ['lan0', ...leaves];
  return [
    'link add br0 type bridge forward_delay 0 mcast_snooping 0',
    ...ports.map((port) => `link set dev ${port} master br0`),
    ...['lo', 'down0', 'br0', ...ports].flatMap(up),
    `addr add ${FAR_LINK}/30 dev down0`,
    `neigh replace ${NEAR_LINK} lladdr ${NEAR_MAC} dev down0 nud permanent`,
    // Every address of the /16 is this namespace's own: any number of hosts costs nothing.
    'route add local 10.77.0.0/16 dev lo',
  ];
}

/** A far namespace that has been removed takes its links along, but not at once. */
async function removeOldLinks(near: string): Promise<void> {
  for (const device of ['up0', 'lan0'])
    await runCommand(['ip', '-n', near, 'link', 'del', device], { accept: [0, 1] });
}

/** Runs lines of ip, all in one namespace, in one go; it stops at the first that fails. */
export async function batch(lines: readonly string[], namespace?: string): Promise<void> {
  const where = namespace ? ['-n', namespace] : [];
  await runCommand(['ip', ...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

async function set(namespace: string, name: string, value: string): Promise<void> {
  const file = `/proc/sys/net/ipv4/${name}`;
  await runCommand(['ip', 'netns', 'exec', namespace, 'tee', file], { input: value });
}
