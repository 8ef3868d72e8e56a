import { listUp, type TrueHost, type Truth } from '../truth/truth.ts';

/** Every connection to a tarpit ends at this listener, whatever its port was. */
export const TARPIT_PORT = 40_404;

/** Refusals a second of a host that limits them, and how many at once. */
const [REFUSALS_A_SECOND, REFUSALS_AT_ONCE] = [10, 10];

/** The truth as nft knows it: one set a property, so that a change is a few elements more or less. */
const SETS = {
  up: 'ipv4_addr',
  refusing: 'ipv4_addr',
  limited: 'ipv4_addr',
  tarpit: 'ipv4_addr',
  open: 'ipv4_addr . inet_service',
  silent: 'ipv4_addr . inet_service',
} as const;
type SetName = keyof typeof SETS;
const SET_NAMES = Object.keys(SETS) as SetName[];

/** The rules that make hosts of the sets, as text for `nft -f`. Connections are not tracked, but a tarpit's. */
export function renderHostTable(): string {
  return `table inet hosts {
${SET_NAMES.map((name) => `  set ${name} { type ${SETS[name]}; }`).join('\n')}
  set refusals { type ipv4_addr; size 4096; flags dynamic; }
  chain untracked_in {
    type filter hook prerouting priority raw; policy accept;
    ip daddr @tarpit return
    notrack
  }
  chain untracked_out {
    type filter hook output priority raw; policy accept;
    ip saddr @tarpit return
    notrack
  }
  chain one_for_all {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr @tarpit meta l4proto tcp dnat ip to ip daddr : ${TARPIT_PORT}
  }
  chain asked {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ip daddr != @up drop
    icmp type echo-request accept
    ip daddr @tarpit tcp dport ${TARPIT_PORT} accept
    ip daddr . tcp dport @open accept
    ip daddr . tcp dport @silent drop
    ip daddr @limited update @refusals { ip daddr limit rate over ${REFUSALS_A_SECOND}/second burst ${REFUSALS_AT_ONCE} packets } drop
    ip daddr @refusing meta l4proto tcp reject with tcp reset
    ip daddr @refusing meta l4proto udp reject with icmp port-unreachable
  }
}
`;
}

/** Lines for one `nft -f`, and so one transaction, that turn one truth into another; '' for none. */
export function renderElementChanges(before: Truth, after: Truth): string {
  const lines = SET_NAMES.flatMap((name) => {
    const [old, now] = [listElements(before, name), listElements(after, name)];
    return [
      ...line('delete', name, old.difference(now)),
      ...line('add', name, now.difference(old)),
    ];
  });
  return lines.map((text) => `${text}\n`).join('');
}

function line(verb: 'add' | 'delete', name: SetName, elements: ReadonlySet<string>): string[] {
  return elements.size > 0
    ? [`${verb} element inet hosts ${name} { ${[...elements].join(', ')} }`]
    : [];
}

function listElements(truth: Truth, name: SetName): Set<string> {
  return new Set(listUp(truth).flatMap((host) => ELEMENTS_OF[name](host)));
}

const REFUSING: ReadonlySet<string> = new Set(['rejecting', 'speaking', 'limited']);

const ELEMENTS_OF: Readonly<Record<SetName, (host: TrueHost) => string[]>> = {
  up: ({ address }) => [address],
  refusing: ({ address, kind }) => (REFUSING.has(kind) ? [address] : []),
  limited: ({ address, kind }) => (kind === 'limited' ? [address] : []),
  tarpit: ({ address, kind }) => (kind === 'tarpit' ? [address] : []),
  open: ({ address, kind, services }) =>
    kind === 'pingOnly' ? [] : [...services.keys()].map((port) => `${address} . ${port}`),
  silent: ({ address, silent }) => [...silent].map((port) => `${address} . ${port}`),
};
