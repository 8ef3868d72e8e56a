import { pick, type Random } from '../../server/src/playground/random.ts';
import { buildHost, isRouted } from '../truth/build-hosts.ts';
import { applyChange, type LabChange } from '../truth/change.ts';
import { chooseSpeech, nextVersion, SERVICE_PORTS } from '../truth/ports.ts';
import { type HostKind, listOpen, type TrueHost, type Truth } from '../truth/truth.ts';

/** How many changes of each kind happen before each scan. */
export type Doses = Readonly<Partial<Record<keyof typeof PROPOSE, number>>>;

export const USUAL_DOSES: Doses = { opened: 3, refused: 2, silenced: 1, gone: 1, arrived: 1 };

export interface InjectionState {
  readonly truth: Truth;
  /** The addresses of the scans before, latest first: they rest, so that each change can be told apart. */
  readonly recent: readonly ReadonlySet<string>[];
}

export interface Injection {
  readonly changes: readonly LabChange[];
  readonly after: InjectionState;
}

/** Scans for which a host rests after a change, so that a change told one scan late is not undone. */
const REST = 2;

/** Hosts that are kept up at least, whatever the doses. */
const FEWEST_UP = 20;

/** Chooses what changes before the next scan: the same state and numbers give the same changes. */
export function planChanges(
  { truth, recent }: InjectionState,
  { addresses, doses, random }: { addresses: readonly string[]; doses: Doses; random: Random },
): Injection {
  const touched = new Set<string>();
  const changes: LabChange[] = [];
  let after = truth;
  for (const kind of listDoses(doses)) {
    const resting = (address: string) =>
      touched.has(address) || recent.some((round) => round.has(address));
    const change = PROPOSE[kind]({ truth: after, addresses, resting, random });
    if (!change) continue;
    changes.push(change);
    for (const address of addressesOf(change)) touched.add(address);
    after = applyChange(after, change);
  }
  return { changes, after: { truth: after, recent: [touched, ...recent].slice(0, REST) } };
}

function listDoses(doses: Doses): (keyof typeof PROPOSE)[] {
  return (Object.keys(PROPOSE) as (keyof typeof PROPOSE)[]).flatMap((kind) =>
    Array<typeof kind>(doses[kind] ?? 0).fill(kind),
  );
}

function addressesOf(change: LabChange): string[] {
  if (change.kind === 'new') return [change.host.address];
  return change.kind === 'moved' ? [change.address, change.to] : [change.address];
}

interface Situation {
  readonly truth: Truth;
  readonly addresses: readonly string[];
  readonly resting: (address: string) => boolean;
  readonly random: Random;
}
type Propose = (situation: Situation) => LabChange | undefined;

const hasServices = ({ kind }: TrueHost) => kind !== 'pingOnly' && kind !== 'tarpit';

function pickHost(
  { truth, resting, random }: Situation,
  fits: (host: TrueHost) => boolean,
): TrueHost | undefined {
  return pick(
    [...truth.values()].filter((host) => !resting(host.address) && fits(host)),
    random,
  );
}

const proposeOpening: Propose = (situation) => {
  const host = pickHost(situation, (one) => one.up && hasServices(one));
  const free = SERVICE_PORTS.filter((port) => !host?.services.has(port));
  const port = pick(free, situation.random);
  if (!host || port === undefined) return undefined;
  const speech = host.kind === 'speaking' ? chooseSpeech(port, situation.random) : null;
  return { kind: 'opened', address: host.address, port, speech };
};

/** The last service of a host stays: what remains of a host then would be another question. */
function proposeClosing(into: 'refusal' | 'silence'): Propose {
  return (situation) => {
    // A filtering host never refuses, so a service closed there always falls silent.
    const fits = ({ kind }: TrueHost) => into === 'silence' || kind !== 'filtering';
    const host = pickHost(situation, (one) => listOpen(one).length > 1 && fits(one));
    const port = host && pick(listOpen(host), situation.random);
    return host && port !== undefined
      ? { kind: 'closed', address: host.address, port, into }
      : undefined;
  };
}

const proposeVersion: Propose = (situation) => {
  const next = (host: TrueHost) =>
    [...host.services].flatMap(([port, speech]) => {
      const then = nextVersion(speech);
      return then ? [{ port, speech: then }] : [];
    });
  const host = pickHost(situation, (one) => one.up && hasServices(one) && next(one).length > 0);
  const chosen = host && pick(next(host), situation.random);
  return host && chosen ? { kind: 'version', address: host.address, ...chosen } : undefined;
};

const proposeGoing: Propose = (situation) => {
  const up = [...situation.truth.values()].filter((host) => host.up).length;
  const host = pickHost(situation, (one) => one.up);
  return host && up > FEWEST_UP ? { kind: 'gone', address: host.address } : undefined;
};

const NEW_KINDS: readonly HostKind[] = ['rejecting', 'speaking', 'filtering'];

/** Back, of those that went; else new, at an address that nobody ever had. */
const proposeArrival: Propose = (situation) => {
  const { truth, addresses, resting, random } = situation;
  const back = pickHost(situation, (one) => !one.up);
  const free = addresses.filter(
    (address) => isRouted(address) && !truth.has(address) && !resting(address),
  );
  const address = pick(free, random);
  if (back && (address === undefined || random() < 0.5))
    return { kind: 'back', address: back.address };
  return address === undefined
    ? undefined
    : {
        kind: 'new',
        host: buildHost({ address, kind: pick(NEW_KINDS, random) ?? 'rejecting' }, random),
      };
};

const proposeMove: Propose = (situation) => {
  const { truth, addresses, resting, random } = situation;
  const host = pickHost(situation, (one) => one.up && one.leaf !== undefined);
  const segment = host?.address.split('.').slice(0, 3).join('.');
  const free = addresses.filter(
    (address) => !truth.has(address) && !resting(address) && address.startsWith(`${segment}.`),
  );
  const to = pick(free, random);
  return host && to !== undefined ? { kind: 'moved', address: host.address, to } : undefined;
};

const PROPOSE = {
  opened: proposeOpening,
  refused: proposeClosing('refusal'),
  silenced: proposeClosing('silence'),
  version: proposeVersion,
  gone: proposeGoing,
  arrived: proposeArrival,
  moved: proposeMove,
} as const satisfies Record<string, Propose>;
