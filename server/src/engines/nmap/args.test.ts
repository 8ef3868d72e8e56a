import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import { describe, expect, it } from 'vitest';
import {
  buildIdentifyArguments,
  buildNmapArguments,
  buildPresenceArguments,
  buildTopListArguments,
  needsTopLists,
} from './args.ts';

const ALWAYS = '-oX - -v --reason --stats-every 1s --noninteractive';

function build(input: ScanOptionsInput, more: object = {}) {
  const options = scanOptions.parse(input);
  return buildNmapArguments({ options, addresses: ['127.0.1.1'], privileged: true, ...more });
}
const words = (input: ScanOptionsInput, more: object = {}) => build(input, more).args.join(' ');

const list = (ports: string) => ({ kind: 'list', ports }) as const;
const none = { kind: 'none' } as const;
const top = (count: number) => ({ kind: 'top', count }) as const;

describe('the arguments', () => {
  it.each<[string, ScanOptionsInput, object, string]>([
    [
      'a default profile',
      {},
      {},
      '--privileged -T4 -sS --top-ports 1000 --max-retries 6 --min-rate 2000',
    ],
    [
      'no rights',
      {},
      { privileged: false },
      '--unprivileged -T4 -sT --top-ports 1000 --max-retries 6 --min-rate 2000',
    ],
    [
      'connect on purpose',
      { tcpTechnique: 'connect' },
      {},
      '--privileged -T4 -sT --top-ports 1000 --max-retries 6 --min-rate 2000',
    ],
    [
      'SYN without rights',
      { tcpTechnique: 'syn', tcp: list('22') },
      { privileged: false },
      '--unprivileged -T4 -sT -p T:22 --max-retries 6 --min-rate 2000',
    ],
    ['no names', { reverseDns: false, timing: 2 }, {}, '--privileged -n -T2 -sS --top-ports 1000'],
    [
      'IPv6',
      { tcp: list('22') },
      { addresses: ['::1'] },
      '--privileged -6 -T4 -sS -p T:22 --max-retries 6 --min-rate 2000',
    ],
    [
      'all ports',
      { tcp: { kind: 'all' } },
      {},
      '--privileged -T4 -sS -p T:1-65535 --max-retries 6 --min-rate 2000',
    ],
    ['UDP only', { tcp: none, udp: top(100) }, {}, '--privileged -T4 -sU --top-ports 100'],
    [
      'the same top of both',
      { tcp: top(50), udp: top(50) },
      {},
      '--privileged -T4 -sS -sU --top-ports 50',
    ],
    [
      'lists of both',
      { tcp: list('22, 80'), udp: list('53') },
      {},
      '--privileged -T4 -sS -sU -p T:22,80,U:53',
    ],
    [
      'top and list',
      { tcp: top(3), udp: list('53') },
      { top: { tcp: '22,80,443' } },
      '--privileged -T4 -sS -sU -p T:22,80,443,U:53',
    ],
    [
      'UDP without rights',
      { tcp: list('22'), udp: list('53') },
      { privileged: false },
      '--unprivileged -T4 -sT -p T:22 --max-retries 6 --min-rate 2000',
    ],
    [
      'discovery only',
      { tcp: none, serviceDetection: true, osDetection: true },
      {},
      '--privileged -T4 -sn --max-retries 6 --min-rate 2000',
    ],
    [
      'no discovery',
      { tcp: list('22'), discovery: { kind: 'skip' } },
      {},
      '--privileged -T4 -Pn -sS -p T:22 --max-retries 6 --min-rate 2000',
    ],
    [
      'chosen probes',
      {
        tcp: none,
        discovery: {
          kind: 'probes',
          icmpEcho: true,
          icmpTimestamp: true,
          tcpSynPorts: '22, 80',
          tcpAckPorts: '443',
          udpPorts: '53',
        },
      },
      {},
      '--privileged -T4 -sn -PE -PP -PS22,80 -PA443 -PU53 --max-retries 6 --min-rate 2000',
    ],
    [
      'chosen probes over IPv6',
      { tcp: none, discovery: { kind: 'probes', icmpEcho: true, icmpTimestamp: true } },
      { addresses: ['::1'] },
      '--privileged -6 -T4 -sn -PE --max-retries 6 --min-rate 2000',
    ],
    [
      'detection',
      {
        tcp: list('22'),
        serviceDetection: true,
        versionIntensity: 5,
        osDetection: true,
        scripts: ['banner', 'ssl-cert'],
      },
      {},
      '--privileged -T4 -sS -p T:22 -sV --version-intensity 5 -O --script banner,ssl-cert --max-retries 6 --min-rate 2000',
    ],
    [
      'pace',
      {
        tcp: list('22'),
        maxRetries: 1,
        minRate: 10,
        maxRate: 500,
        hostTimeoutSeconds: 60,
        probeTimeoutMs: 300,
      },
      {},
      '--privileged -T4 -sS -p T:22 --max-retries 1 --min-rate 10 --max-rate 500 --host-timeout 60s --max-rtt-timeout 300ms',
    ],
  ])('for %s', (_what, input, more, expected) => {
    expect(words(input, more)).toBe(`${ALWAYS} ${expected}`);
    expect(build(input, more).problems).toEqual([]);
  });

  it('end with the addresses', () => {
    const addresses = ['127.0.1.1', '127.0.1.2'];
    const { args, withAddresses } = build({}, { addresses });
    expect(withAddresses).toEqual([...args, ...addresses]);
  });
});

describe('the pace', () => {
  it.each<[string, ScanOptionsInput, object, string]>([
    ['more retries where much is lost', {}, { loss: 0.1 }, '--max-retries 6 --min-rate 2000'],
    ["the profile's rate", { minRate: 10 }, { loss: 0.1 }, '--max-retries 6 --min-rate 10'],
    ["the profile's retries", { maxRetries: 0 }, {}, '--max-retries 0 --min-rate 2000'],
    ['no more than the highest rate', { maxRate: 50 }, {}, '--min-rate 50 --max-rate 50'],
  ])('is %s', (_what, input, more, expected) => {
    expect(words(input, more)).toMatch(new RegExp(`${expected}$`));
  });
});

describe('the questions of a sweep', () => {
  const ask = (input: ScanOptionsInput, addresses: string[]) => ({
    options: scanOptions.parse(input),
    addresses,
    privileged: true,
  });

  it.each<[string, ScanOptionsInput, string[], string]>([
    ['by both kinds of ICMP', { scripts: ['banner'] }, ['127.0.1.1'], '-n -T4 -sn -PE -PP'],
    [
      'by what the profile says, without its TCP',
      { discovery: { kind: 'probes', icmpTimestamp: true, tcpSynPorts: '22' } },
      ['127.0.1.1'],
      '-n -T4 -sn -PP',
    ],
    ['by echo alone over IPv6', {}, ['::1'], '-6 -n -T4 -sn -PE'],
  ])('ask who is there %s', (_what, input, addresses, expected) => {
    const { args, problems } = buildPresenceArguments(ask(input, addresses));
    expect(problems).toEqual([]);
    expect(args.join(' ')).toContain(`--privileged ${expected} --max-retries`);
  });

  it('ask what listens, without discovery, on those ports alone', () => {
    const input = { tcp: { kind: 'all' }, versionIntensity: 5, osDetection: true } as const;
    const { args } = buildIdentifyArguments(ask(input, ['127.0.1.1']), [
      [22, 22],
      [80, 81],
    ]);
    expect(args.join(' ')).toMatch(
      / -n -T4 -Pn -sS -p T:22,80-81 -sV --version-intensity 5 --max-retries 6 --min-rate 2000$/,
    );
  });
});

describe('what is refused', () => {
  it.each(['-iL', '--script=x', 'router.example', '127.0.1.0/24', '127.0.1.1-5', ''])(
    'the address "%s"',
    (address) => {
      expect(build({}, { addresses: ['127.0.1.1', address] }).problems).toEqual([
        expect.stringContaining(`"${address}" is not an IP address`),
      ]);
    },
  );

  it.each<[string, ScanOptionsInput, object, RegExp]>([
    ['no address', {}, { addresses: [] }, /no addresses/],
    ['both families', {}, { addresses: ['127.0.1.1', '::1'] }, /not both/],
    ['only UDP without rights', { tcp: none, udp: top(5) }, { privileged: false }, /raw sockets/],
    ['neither ports nor discovery', { tcp: none, discovery: { kind: 'skip' } }, {}, /choose ports/],
    ['an unknown top list', { tcp: top(3), udp: list('53') }, {}, /most common TCP/],
  ])('%s', (_what, input, more, problem) => {
    expect(build(input, more).problems.join()).toMatch(problem);
  });
});

it('says what it leaves out without rights', () => {
  const input = { udp: top(5), osDetection: true, discovery: { kind: 'probes', icmpEcho: true } };
  const { omitted } = build(input as ScanOptionsInput, { privileged: false });
  expect(omitted.map((text) => text.split(' needs')[0])).toEqual([
    'UDP ports',
    'operating system detection',
    'ICMP discovery',
  ]);
});

it('needs a top list of its own only where nmap cannot join it with the other protocol', () => {
  const needs = (input: ScanOptionsInput) => needsTopLists(scanOptions.parse(input));
  expect(needs({})).toEqual([]);
  expect(needs({ tcp: top(5), udp: top(5) })).toEqual([]);
  expect(needs({ tcp: top(5), udp: top(6) })).toEqual(['tcp', 'udp']);
  expect(needs({ tcp: list('1'), udp: top(6) })).toEqual(['udp']);
  expect(buildTopListArguments('udp', 6)).toContain('-sU');
});

describe('scripts', () => {
  const scripts = ['banner', 'ssl-enum-ciphers', 'vuln'];

  it('run when the platform allows them, and are told when not', () => {
    const byDefault = build({ scripts });
    expect(byDefault.args.join(' ')).toContain('--script banner --max');
    expect(byDefault.omitted).toEqual([
      'the script ssl-enum-ciphers is not allowed on this platform',
      'the script vuln is not allowed on this platform',
    ]);
    const allowedScripts = new Set(['ssl-enum-ciphers', 'vuln']);
    // vuln is a category: not even who allows it gets it.
    expect(build({ scripts }, { allowedScripts }).args.join(' ')).toContain(
      '--script ssl-enum-ciphers --max',
    );
    expect(build({ scripts }, { allowedScripts: new Set() }).args).not.toContain('--script');
  });
});
