import { expect, it } from 'vitest';
import { countOpenProbes, countPort, countProbes, createTally, observeTally } from './tally.ts';

const silent = ['silent', 'no-response'] as const;
const asked = { ports: [22, 80, 443], covered: [[22, 443]] } as const;

it('counts what was lost on the way to those that answered in the end, and nothing else', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  countPort(host, 22, ['open', 'syn-ack']);
  for (const seen of [silent, silent, ['closed', 'conn-refused']] as const)
    countPort(host, 80, seen);
  for (const seen of [silent, silent]) countPort(host, 443, seen);
  expect(host.answers).toEqual([1, 0, 1]);
  expect(countProbes(host)).toEqual({ answered: 2, unanswered: 2 });
});

it('counts open ports alone of a host that limits its refusals', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  for (const seen of [silent, ['open', 'syn-ack']] as const) countPort(host, 22, seen);
  for (const seen of [silent, silent, ['closed', 'conn-refused']] as const)
    countPort(host, 80, seen);
  expect(countOpenProbes(host, asked.ports)).toEqual({ answered: 1, unanswered: 1 });
});

it('counts no loss where silence is not asked again', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  countPort(host, 8080, ['closed', 'conn-refused']);
  expect(host.up).toBe(true);
  expect(countProbes(host)).toEqual({ answered: 0, unanswered: 0 });
});

it('believes the first answer: a late repeat changes nothing', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  for (const seen of [['open', 'syn-ack'], silent, ['open', 'syn-ack']] as const)
    countPort(host, 22, seen);
  expect(host).toMatchObject({ open: 1, asked: 1 });
  expect(countProbes(host)).toEqual({ answered: 1, unanswered: 0 });
});

it('is up by what another question showed, with all ports asked and silent', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  host.up = true;
  host.presence = { reason: 'arp-response', mac: '52:54:00:00:00:05', macVendor: 'QEMU' };
  for (const port of asked.ports) countPort(host, port, silent);
  expect(observeTally(host, asked, [])).toMatchObject({
    status: 'up',
    reason: 'arp-response',
    mac: '52:54:00:00:00:05',
    macVendor: 'QEMU',
    endpoints: [],
    rest: [{ state: 'silent' }],
    covered: {
      tcp: [
        [22, 22],
        [80, 80],
        [443, 443],
      ],
    },
  });
});

it('covers, of one that is not up, only what was asked', () => {
  const host = createTally('10.0.0.5', new Set(asked.ports));
  countPort(host, 22, silent);
  countPort(host, 8080, silent);
  expect(observeTally(host, asked, [])).toMatchObject({
    status: 'silent',
    covered: { tcp: [[22, 22]] },
  });
});
