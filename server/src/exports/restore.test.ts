import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestSite, RequestUser } from '../http/site-routes.ts';
import { checkLine } from './check-line.ts';
import { type RestoreWish, restoreExport } from './restore.ts';
import type { Chronicler } from './testing/create-chronicler.ts';
import { createExportSuite, type ExportSuite } from './testing/create-export-suite.ts';
import { type AnyLine, parseLines, readExport } from './testing/read-export.ts';
import { type RichHistory, writeRichHistory } from './testing/write-rich-history.ts';

let test: ExportSuite;
let chronicler: Chronicler;
let site: RequestSite;
let user: RequestUser;
let history: RichHistory;
let text: string;

beforeAll(async () => {
  test = await createExportSuite();
  ({ chronicler, site, user } = test);
  history = await writeRichHistory(test, { ...test, userId: user.id }, 7);
  text = await readExport(test.database, site);
});
afterAll(() => test.close());

function restore(given: string, wish: Partial<RestoreWish> = {}) {
  const { signal } = new AbortController();
  const whole = { slug: `copy-${randomUUID().slice(0, 8)}`, by: 'root', signal, ...wish };
  // Cut anywhere, also within a character.
  const bytes = Buffer.from(given);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 4_099) }, (_, index) =>
    bytes.subarray(index * 4_099, (index + 1) * 4_099),
  );
  async function* read() {
    yield* pieces;
  }
  return restoreExport(test.database, whole, read());
}

async function findSite(slug: string): Promise<RequestSite> {
  const { rows } = await test.database.pool.query(
    'select id, slug, name, time_zone as "timeZone", target_limit as "targetLimit" from sites where slug = $1',
    [slug],
  );
  return rows[0];
}

/** Lines without what a restored site may have otherwise: its instant, itself, and numbers given anew. */
function comparable(lines: readonly AnyLine[]): AnyLine[] {
  const ofType = (wanted: string) => lines.filter(({ type }) => type === wanted);
  const portsOf = new Map(ofType('coverage').map(({ id, tcp, udp }) => [id, `${tcp}|${udp}`]));
  const sightOf = new Map(ofType('sightBase').map(({ id, sight }) => [id, sight]));
  return lines.map(({ id, ...line }) => {
    const { type, coverageId, sightBaseId } = line;
    if (type === 'export') return { ...line, at: '', site: null };
    if (type === 'schedule') return { ...line, id, enabled: false, nextRunAt: null };
    return {
      ...line,
      ...(!['coverage', 'sightBase', 'delta'].includes(type) && { id }),
      ...(coverageId !== undefined && { coverageId: portsOf.get(coverageId) ?? null }),
      ...(sightBaseId !== undefined && { sightBaseId: sightOf.get(sightBaseId) ?? null }),
    };
  });
}

describe('an export', () => {
  it('has lines of every type, each as its schema says', () => {
    const lines = text.trimEnd().split('\n');
    const wrong = lines.flatMap((line) => {
      const outcome = checkLine(line);
      return outcome.ok ? [] : [{ line, ...outcome }];
    });
    expect(wrong).toEqual([]);
    const { counts } = JSON.parse(lines.at(-1) ?? '');
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    expect(Object.values<number>(counts).reduce((sum, one) => sum + one)).toBe(lines.length - 2);
  });

  it('holds some of everything that makes a history rich', () => {
    const lines = parseLines(text);
    const deltas = lines.filter(({ type }) => type === 'delta').map(({ kind }) => kind);
    expect([...new Set(deltas)]).toEqual(
      expect.arrayContaining([
        ...['host.new', 'host.down', 'host.returned', 'host.moved', 'host.flapping'],
        ...['service.opened', 'service.closed', 'target.added', 'target.removed', 'scanner.blind'],
      ]),
    );
    const hosts = lines.filter(({ type }) => type === 'host');
    expect(hosts.some(({ silentScans }) => silentScans > 0)).toBe(true);
    expect(hosts.some(({ serviceDownAfter }) => serviceDownAfter === 2)).toBe(true);
  });

  it('names nobody who has an account', () => {
    expect(text).not.toContain(user.name);
    expect(text).not.toContain(user.email);
    expect(text).not.toContain(user.id);
  });
});

describe('what was exported and is restored', () => {
  it('is exported again as the same, twice in one instance', async () => {
    for (const slug of ['copy-1', 'copy-2']) {
      const outcome = await restore(text, { slug, owner: user.email });
      expect(outcome).toMatchObject({ ok: true, made: true });
      const copy = await findSite(slug);
      expect(copy).toMatchObject({
        name: 'Source',
        timeZone: 'Europe/Berlin',
        targetLimit: 70_000,
      });
      const again = parseLines(await readExport(test.database, copy));
      expect(comparable(again)).toEqual(comparable(parseLines(text)));
    }
  });

  it('is whole as well when it is one group, with what was known in its past alone', async () => {
    await restore(text, { slug: 'whole', owner: user.email });
    const whole = await findSite('whole');
    await test.database.pool.query(
      `with once as (insert into coverages (site_id, tcp, udp) values ($1, '7', '') returning id)
       update host_intervals set known_coverage_id = (select id from once)
       where site_id = $1 and group_id = $2 and valid_to is not null`,
      [whole.id, history.officeId],
    );
    const group = { id: history.officeId, name: 'Office' };
    const alone = await readExport(test.database, whole, { group });
    expect(await restore(alone, { slug: 'alone', owner: user.email })).toMatchObject({ ok: true });
    const again = await readExport(test.database, await findSite('alone'));
    const facts = (lines: AnyLine[]) =>
      comparable(lines).filter(({ type }) => !['export', 'profile', 'end'].includes(type));
    expect(facts(parseLines(again))).toEqual(facts(parseLines(alone)));
  });

  it('goes on as the original does: the same sights make the same deltas and beliefs', async () => {
    await restore(text, { slug: 'goes-on', owner: user.email });
    const copy = await findSite('goes-on');
    const scanIds = new Map<string, string>();
    for (const { groupId, shards, see } of history.next()) {
      const cut = shards.map((addresses) => ({ addresses }));
      const place = { groupId, startedBy: user.id };
      const theirs = await chronicler.scan({ ...place, siteId: site.id }, cut, see);
      const [again] = history.next().filter((next) => next.groupId === groupId);
      const ours = await chronicler.scan({ ...place, siteId: copy.id }, cut, again?.see ?? see);
      scanIds.set(ours, theirs);
    }
    const tell = async (of: RequestSite) => {
      const lines = comparable(parseLines(await readExport(test.database, of, { details: false })));
      const all = JSON.stringify(lines.filter(({ type }) => type !== 'scan' && type !== 'shard'));
      const named = [...scanIds].reduce(
        (said, [ours, theirs]) => said.replaceAll(ours, theirs),
        all,
      );
      return (JSON.parse(named) as AnyLine[]).map((line) => ({
        ...line,
        at: '',
        from: '',
        until: '',
        statusSince: '',
        silentSince: '',
      }));
    };
    const [mine, original] = [await tell(copy), await tell(site)];
    const fresh = (lines: AnyLine[]) =>
      lines.filter(
        ({ type, scanId }) => type === 'delta' && [...scanIds.values()].includes(scanId),
      );
    expect(fresh(original).length).toBeGreaterThan(3);
    expect(JSON.parse(withoutTimes(mine))).toEqual(JSON.parse(withoutTimes(original)));
  });
});

/** Both scanned at moments of their own. */
function withoutTimes(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '""');
}
