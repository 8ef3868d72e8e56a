import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields } from './changed-fields.ts';
import { type AuditEntry, canonicalEntry, describeAudit } from './entry.ts';

const entry: AuditEntry = {
  siteId: '3f2a',
  number: 7,
  at: '2026-11-25T02:00:00.000Z',
  actor: { kind: 'person', id: 'u1', name: 'Ada' },
  address: '192.0.2.1',
  userAgent: null,
  action: 'group.edited',
  subject: { kind: 'group', id: 'g1', name: 'DMZ' },
  before: { name: 'DM' },
  after: { name: 'DMZ' },
};

describe('canonicalEntry', () => {
  it('is the same whatever the order of the keys, and however often it went through JSON', () => {
    const shuffled = Object.fromEntries(Object.entries(entry).reverse()) as unknown as AuditEntry;
    expect(canonicalEntry(shuffled)).toBe(canonicalEntry(entry));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (after) => {
        const stored = JSON.parse(JSON.stringify({ ...entry, after }));
        expect(canonicalEntry(stored)).toBe(canonicalEntry({ ...entry, after: stored.after }));
      }),
    );
  });

  it.each(Object.keys(entry) as (keyof AuditEntry)[])('is another when %s is another', (field) => {
    const value = field === 'userAgent' ? 'curl' : null;
    expect(canonicalEntry({ ...entry, [field]: value } as AuditEntry)).not.toBe(
      canonicalEntry(entry),
    );
  });

  it('is plain JSON without spaces', () => {
    expect(canonicalEntry(entry)).toBe(
      '{"action":"group.edited","actor":{"id":"u1","kind":"person","name":"Ada"},"address":"192.0.2.1",' +
        '"after":{"name":"DMZ"},"at":"2026-11-25T02:00:00.000Z","before":{"name":"DM"},"number":7,' +
        '"siteId":"3f2a","subject":{"id":"g1","kind":"group","name":"DMZ"},"userAgent":null}',
    );
  });
});

it('an entry is one sentence', () => {
  expect(describeAudit(entry)).toBe('Ada edited the group "DMZ"');
});

describe('changedFields', () => {
  it('keeps what differs of an edit, and all of what was made or deleted', () => {
    const before = { name: 'a', ports: [1, 2], gone: true };
    const after = { name: 'a', ports: [1, 3], added: 'x' };
    expect(changedFields(before, after)).toEqual({
      before: { ports: [1, 2], gone: true, added: null },
      after: { ports: [1, 3], gone: null, added: 'x' },
    });
    expect(changedFields(null, after)).toEqual({ before: null, after });
    expect(changedFields(before, null)).toEqual({ before, after: null });
  });
});
