import { CSV_LISTS } from '@netdelta/core/api/export.ts';
import { groupRequest } from '@netdelta/core/api/groups.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExportSuite, type ExportSuite } from './testing/create-export-suite.ts';
import { readFile } from './testing/read-file.ts';

let test: ExportSuite;
let groupId: string;

const EVIL = '=cmd|\' /C calc\'!A0,"x"\nnext';

beforeAll(async () => {
  test = await createExportSuite();
  const typed = {
    name: 'Floor, 1',
    targets: '10.0.0.1-3',
    profileId: test.profileId,
    downAfter: 1,
  };
  groupId = await test.chronicler.createGroup(test.site, groupRequest.parse(typed));
  const place = { siteId: test.site.id, groupId, startedBy: test.user.id };
  const service = { method: 'probed', name: 'ssh', product: EVIL } as const;
  const one = buildSeen([buildOpen(22, { service }), buildOpen(80)], {
    ...{ address: '10.0.0.1', names: ['a.example.org', 'b.example.org'] },
  });
  const two = buildSeen([buildOpen(443)], { address: '10.0.0.2' });
  const silent = (address: string) =>
    buildUnanswered({ address, covered: { tcp: [[1, 1000]], udp: [] } });
  for (const hosts of [
    [one, two, silent('10.0.0.3')],
    [one, silent('10.0.0.2'), silent('10.0.0.3')],
  ])
    await test.chronicler.scan(place, [{ addresses: hosts.map(({ address }) => address) }], () => ({
      ...{ snapshot: { hosts, uncovered: [] }, findings: [], sentinels: [], openDecoys: {} },
      path: 'clear',
    }));
});
afterAll(() => test.close());

const csv = (what: (typeof CSV_LISTS)[number], filter = {}) =>
  readFile(test.database, test.site, { format: 'csv', what, filter });
const hide = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replaceAll(/\d\d? \w+ \d{4}, \d\d:\d\d CES?T/g, 'THEN')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');

describe('CSV', () => {
  it.each(CSV_LISTS)('of %s', async (what) => {
    const text = await csv(what);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(hide(text)).toMatchSnapshot();
  });

  it('makes no formula of what a host says, and keeps its quotes and lines', async () => {
    expect(await csv('services')).toContain(`"'=cmd|' /C calc'!A0,""x""\nnext"`);
  });

  it.each([
    [{ status: 'DOWN' }, ['10.0.0.2']],
    [{ port: 22 }, ['10.0.0.1']],
    [{ text: 'B.EXAMPLE' }, ['10.0.0.1']],
    [{ text: 'calc' }, ['10.0.0.1']],
    [{ text: '%' }, []],
    [{ groupId: '00000000-0000-4000-8000-000000000000' }, []],
    [{}, ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
  ])('of hosts leaves out what %j asks to', async (filter, addresses) => {
    const rows = (await csv('hosts', filter)).trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => /10\.0\.0\.\d/.exec(row)?.[0])).toEqual(addresses);
  });

  it.each([
    [{ kind: 'host.down' }, 1],
    [{ kind: 'host.new' }, 0],
    [{ rating: 'amber' }, 1],
    [{ rating: 'green' }, 0],
    [{ address: '10.0.0.2' }, 1],
    [{ address: '10.0.0.9' }, 0],
  ] as const)('of deltas leaves out what %j asks to', async (filter, count) => {
    expect((await csv('deltas', filter)).trimEnd().split('\r\n')).toHaveLength(1 + count);
  });
});
