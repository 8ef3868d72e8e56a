import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildDeltaOfHost,
  buildDeltaOfService,
  buildHostSide,
  buildService,
} from '../delta/build-delta.ts';
import { DELTA_KIND_NAMES, type DeltaKind } from '../delta/kinds.ts';
import { buildRated } from '../evidence/build-rated.ts';
import {
  type AlertFacts,
  composeAlert,
  composeFailureAlert,
  LINES_SHOWN,
} from './compose-alert.ts';

function buildFacts(overrides: Partial<AlertFacts> = {}): AlertFacts {
  return {
    siteName: 'Acme',
    groupName: 'Office',
    timeZone: 'Europe/Berlin',
    dateLocale: 'en-GB',
    url: 'https://nd.example/acme/scans/s2',
    finishedAt: '2026-11-24T01:12:00.000Z',
    previousFinishedAt: '2026-11-23T01:10:00.000Z',
    partial: false,
    problems: [],
    deltas: [],
    ...overrides,
  };
}

const opened = (address: string, service = buildService()) =>
  buildDeltaOfService('service.opened', {
    subject: { address, protocol: 'tcp', port: 22 },
    after: { state: 'open', reason: 'syn-ack', service },
  });

const newHost = buildDeltaOfHost('host.new', {
  subject: { address: '10.0.0.9' },
  after: buildHostSide({ services: [{ protocol: 'tcp', port: 22, service: buildService() }] }),
});

describe('the mail about changes', () => {
  const facts = buildFacts({
    deltas: [opened('10.0.0.5'), newHost],
    partial: true,
    problems: [{ what: 'shard 3', message: 'nmap was killed' }],
  });

  test('as text', () => {
    expect(composeAlert(facts).text).toBe(`2 changes in Office
Site:                      Acme
Scan ended:                24 Nov 2026, 02:12 CET
Compared with the scan of: 23 Nov 2026, 02:10 CET

New Hosts:                 1
New Host Services:         1
Services Added:            1

New Hosts
---------
10.0.0.9 is new, with tcp/22 open

New Host Services
-----------------
10.0.0.9: tcp/22 (ssh, OpenSSH 9.2p1)

Services Added
--------------
10.0.0.5: tcp/22 opened (ssh, OpenSSH 9.2p1)

! This scan was not complete. What it did not reach changed nothing.
! shard 3: nmap was killed

See the whole Delta Analysis: https://nd.example/acme/scans/s2

-- 
You get this mail because your address is among the recipients of the group Office of Acme: one mail a scan that finds a change.
To get no more of them, have your address taken out of the group.
`);
  });

  test('as HTML', () => {
    expect(composeAlert(facts).html).toMatchSnapshot();
  });

  test('tells of what concerns more than one host first, though it has no rating', () => {
    const outage = {
      kind: 'subnet.down',
      subject: { target: '10.0.0.0/29' },
      before: null,
      after: { up: false, addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] },
      evidence: { reason: 'no-response' },
      rated: null,
    } as const;
    const single = { ...buildDeltaOfHost('host.down', { before: buildHostSide() }), rated: null };
    const { text } = composeAlert(buildFacts({ deltas: [single, outage] }));
    expect(text.indexOf('10.0.0.0/29 went down')).toBeLessThan(text.indexOf('10.0.0.5 went down'));
    expect(text).toContain('10.0.0.0/29 went down: 4 hosts at once');
  });

  test('tells ratings: the most urgent first, with how long ago the same was seen', () => {
    const amber = buildRated({ rating: 'amber', history: { last: 6, times: 1 } });
    const rated = buildFacts({
      deltas: [
        opened('10.0.0.3'),
        { ...opened('10.0.0.4'), rated: amber },
        { ...opened('10.0.0.5'), rated: buildRated() },
        { ...newHost, rated: buildRated() },
      ],
    });
    const { text, html } = composeAlert(rated);
    expect(text).toContain(`
Services Added
--------------
RED   10.0.0.5: tcp/22 opened (ssh, OpenSSH 9.2p1) [never]
AMBER 10.0.0.4: tcp/22 opened (ssh, OpenSSH 9.2p1) [6 scans ago]
10.0.0.3: tcp/22 opened (ssh, OpenSSH 9.2p1)
`);
    expect(text).toContain('RED   10.0.0.9: tcp/22 (ssh, OpenSSH 9.2p1)\n');
    expect(text).toMatch(/^Rated: +2 red, 1 amber$/m);
    expect(text).toMatch(/^red: likely real, look now; amber: maybe; green: likely noise\./m);
    expect(html).toMatchSnapshot();
  });

  test('has a subject that counts, in the singular and in the plural', () => {
    expect(composeAlert(facts).subject).toBe('NetDelta found 2 changes in Office');
    expect(composeAlert(buildFacts({ deltas: [newHost] })).subject).toBe(
      'NetDelta found 1 change in Office',
    );
  });

  test('shows the first lines of each heading and says how many more there are', () => {
    const deltas = Array.from({ length: LINES_SHOWN + 7 }, (_, n) => opened(`10.0.0.${n + 1}`));
    const { text, html } = composeAlert(buildFacts({ deltas }));
    expect(text).toContain('+7 more: https://nd.example/acme/scans/s2');
    expect(html).toContain('>+7 more</a>');
    expect(text).toContain('10.0.0.20:');
    expect(text).not.toContain('10.0.0.21:');
  });

  test('believes the counts it is given when not all deltas were read', () => {
    const { subject, text } = composeAlert(
      buildFacts({
        deltas: [opened('10.0.0.5')],
        counts: { 'Services Added': 4_000 },
        total: 4_000,
      }),
    );
    expect(subject).toBe('NetDelta found 4000 changes in Office');
    expect(text).toContain('+3999 more');
  });
});

describe('the mail about a scan that failed', () => {
  const letter = composeFailureAlert(
    buildFacts({ problems: [{ what: 'nmap', message: 'nmap is not there\r\nBcc: x@y' }] }),
  );

  test('has the reason in its subject, on one line', () => {
    expect(letter.subject).toBe('Scan of Office failed: nmap is not there Bcc: x@y');
  });

  test('says that nothing was lost', () => {
    expect(letter.text).toContain('! nmap: nmap is not there Bcc: x@y');
    expect(letter.text).toContain('Nothing was compared');
  });
});

const HOSTILE = ['<b>', '"><img src=x onerror=y>', "'a'", '&amp;', '\r\nBcc: x', '\u202eevil', 'a'];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string()), { maxLength: 4 })
  .map((parts) => parts.join(''));
const someDelta = fc
  .tuple(fc.constantFrom(...DELTA_KIND_NAMES.filter(hasAddress)), fc.ipV4(), hostileText)
  .map(([kind, address, text]) => buildHostile(kind, address, text));

function hasAddress(kind: DeltaKind): boolean {
  return kind !== 'scanner.blind';
}

function buildHostile(kind: DeltaKind, address: string, text: string) {
  const service = { method: 'probed', name: text, product: text, version: text } as const;
  const side = /^host\.(new|down|returned|moved)$/.test(kind)
    ? {
        address,
        ...buildHostSide({ names: [text], services: [{ protocol: 'tcp', port: 1, service }] }),
      }
    : {
        state: 'open',
        reason: text,
        service,
        addresses: kind.startsWith('subnet.') ? [address] : 1,
      };
  return {
    kind,
    subject: /^(target|subnet)\./.test(kind)
      ? { target: address }
      : { address, protocol: 'tcp', port: 1 },
    before: side,
    after: kind === 'service.changed' ? null : side,
    evidence: { reason: text },
    rated: kind.startsWith('target.') ? null : buildRated(),
  } as AlertFacts['deltas'][number];
}

/** All that a letter may hold between `<` and `>`: what this house writes into it. */
const OUR_TAGS =
  /^(!doctype html|\/?(html|head|body|table|title|tr|td|p|a|h1|h2|br|meta)( (lang|style|href|role|name|content|charset)="[^"<>]*")*)$/;

describe('whatever hosts and people wrote', () => {
  test('no text becomes markup, and every mark of direction or control is gone', () => {
    fc.assert(
      fc.property(fc.array(someDelta, { maxLength: 30 }), hostileText, (deltas, groupName) => {
        const problems = [{ what: groupName, message: groupName }];
        const { subject, text, html } = composeAlert(buildFacts({ deltas, groupName, problems }));
        const tags = html.match(/<[^>]*>?/g) ?? [];
        expect(tags.filter((tag) => !OUR_TAGS.test(tag.slice(1, -1)))).toEqual([]);
        expect(subject).not.toMatch(/[\r\n]/);
        for (const written of [subject, text, html])
          expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  test('every address appears in text and HTML, as far as there is room', () => {
    fc.assert(
      fc.property(fc.array(someDelta, { maxLength: LINES_SHOWN }), (deltas) => {
        const { text, html } = composeAlert(buildFacts({ deltas }));
        for (const { subject } of deltas) {
          const name = 'address' in subject ? subject.address : subject.target;
          expect(text).toContain(name);
          expect(html).toContain(name);
        }
      }),
    );
  });
});
