import type { RunningNetDelta } from './netdelta.ts';

/** Paths to ask in turn, for each question that a person has. */
export interface Questions {
  /** What every request costs: a session's check and one row by its key. */
  readonly floor: readonly string[];
  readonly asked: Readonly<Record<string, readonly string[]>>;
}

const TEXTS = {
  many: ['nginx', 'http', 'dell', 'example.net', 'srv', 'OpenSSH', 'linux', '10.'],
  some: ['openssh 7.1', 'dept3.', 'console 3.14', 'zebra', '10.2.7', 'db1f', 'mongodb 4'],
  few: ['srv1f3', 'siemens s7', 'prn-', '10.1.3.77', ':3F:2', 'postgresql db 7.2'],
  none: ['no such thing', 'zzzz', 'openssh 99', '10.200.', '12:34:56:78:9a'],
};

/** The questions, with what varies chosen from the site's own groups, each of so many hosts. */
export async function listQuestions(netdelta: RunningNetDelta, each: number): Promise<Questions> {
  const { items: groups } = await ask<{ items: { id: string; name: string }[] }>(
    netdelta,
    'groups?limit=500',
  );
  const ofGroup = (k: number) => groups[k % groups.length]?.id ?? '';
  const numberOf = (k: number) => groups[k % groups.length]?.name.split(' ')[1];
  const random = createRandom();
  const place = (k: number) => `10.${numberOf(k)}.${random(each >> 8)}.${random(256)}`;
  const many = <Item>(make: (k: number) => Item) => Array.from({ length: 200 }, (_, k) => make(k));
  const hosts = (query: Record<string, string | number>) =>
    api(`hosts?limit=50&${new URLSearchParams(mapToText(query))}`);
  const services = (query: Record<string, string | number>) =>
    api(`services?limit=50&${new URLSearchParams(mapToText(query))}`);
  const texts = (list: readonly string[]) => list.map((text) => hosts({ text }));
  const ports = {
    common: [443, 80, 22, 161, 445],
    rare: [102, 23, 27017],
    clustered: [9100],
    none: [31337],
  };
  return {
    floor: [api('settings')],
    asked: {
      'hosts, first page': [hosts({})],
      'hosts, next page': many((k) => hosts({ after: `${place(k)}_${ofGroup(k)}` })),
      'hosts of a group, next page': many((k) =>
        hosts({ groupId: ofGroup(k), after: `${place(k)}_${ofGroup(k)}` }),
      ),
      'hosts by port, common': ports.common.map((port) => hosts({ port })),
      'hosts by port, rare': ports.rare.map((port) => hosts({ port })),
      'hosts by port, clustered': ports.clustered.map((port) => hosts({ port })),
      'hosts by port, none': ports.none.map((port) => hosts({ port })),
      'hosts by port, next page': many((k) =>
        hosts({ port: ports.common[k % 5] ?? 22, after: `${place(k)}_${ofGroup(k)}` }),
      ),
      'hosts by status': [
        'UP',
        'NEW',
        'CHANGED',
        'MISSED',
        'DOWN',
        'ABSENT',
        'REMOVED',
        'ADDED',
      ].map((status) => hosts({ status })),
      'hosts by status, next page': many((k) =>
        hosts({ status: 'STILL_DOWN', after: `${place(k)}_${ofGroup(k)}` }),
      ),
      'hosts by text, many match': texts(TEXTS.many),
      'hosts by text, some match': texts(TEXTS.some),
      'hosts by text, few match': texts(TEXTS.few),
      'hosts by text, none match': texts(TEXTS.none),
      'hosts by port and status': many((k) =>
        hosts({ port: ports.common[k % 5] ?? 22, status: 'DOWN' }),
      ),
      'hosts by port and text': TEXTS.some.map((text) => hosts({ port: 443, text })),
      'hosts by text and status': [...TEXTS.many, ...TEXTS.some].map((text) =>
        hosts({ text, status: 'MISSED' }),
      ),
      'hosts by all filters': many((k) =>
        hosts({ text: 'dell', status: 'UP', port: 445, groupId: ofGroup(k) }),
      ),
      'services, next page': many((k) => services({ after: `${place(k)}_${ofGroup(k)}_tcp_80` })),
      'services by port': [443, 102, 9100, 31337].map((port) => services({ port })),
      'services by text': ['openssh 7', 'nginx', 'siemens', 'mongodb 4.1', 'no such thing'].map(
        (text) => services({ text }),
      ),
      'host page': many((k) => api(`hosts/${ofGroup(k)}/${place(k)}`)),
      overview: [api('overview')],
      'groups, list': [api('groups')],
      'group page': many((k) => api(`groups/${ofGroup(k)}`)),
      'scans, list': [api('scans'), api(`scans?groupId=${ofGroup(1)}`)],
      'deltas, first page': [api('deltas')],
      'deltas, filtered': [
        ...['red', 'amber', 'green'].map((rating) => api(`deltas?rating=${rating}`)),
        ...['service.closed', 'host.down', 'target.added'].map((kind) =>
          api(`deltas?kind=${kind}`),
        ),
        api(`deltas?groupId=${ofGroup(2)}`),
        api(`deltas?groupId=${ofGroup(2)}&rating=red&kind=service.opened`),
        api(`deltas?groupId=${ofGroup(0)}&kind=host.moved`),
      ],
    },
  };
}

/** The same numbers in every run (a linear congruential generator). */
function createRandom(): (below: number) => number {
  let state = 42;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function mapToText(query: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

function api(path: string): string {
  return `/main/api/v1/${path}`;
}

async function ask<Answer>({ url, cookie }: RunningNetDelta, path: string): Promise<Answer> {
  const answer = await fetch(new URL(api(path), url), { headers: { cookie } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
