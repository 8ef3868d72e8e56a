import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  EXPORT_LINE_TYPES,
  EXPORT_LINES,
  exportEnd,
  exportHead,
  exportLine,
} from '@netdelta/core/api/export.ts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FACTS } from './facts.ts';

it.each(EXPORT_LINE_TYPES)('a line of type %s has the fields of its schema', (type) => {
  const schema = EXPORT_LINES[type];
  const shapes =
    schema instanceof z.ZodDiscriminatedUnion
      ? schema.options.map(({ shape }) => shape)
      : [schema.shape];
  for (const shape of shapes)
    expect(Object.keys(shape)).toEqual(['type', ...Object.keys(FACTS[type].fields)]);
});

const DOCS = path.join(import.meta.dirname, '../../../docs');

it('is documented as it is checked', async () => {
  const schemas = { export: exportHead, ...EXPORT_LINES, end: exportEnd };
  const rows = Object.entries(schemas).map(([type, schema]) => {
    const { shape } = schema instanceof z.ZodObject ? schema : schema.options[0];
    return [type, Object.keys(shape).slice(1).join(', ')];
  });
  const told = readFileSync(path.join(DOCS, 'export.md'), 'utf8').matchAll(
    /^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$/gm,
  );
  expect([...told].map(([, type, fields]) => [type, fields])).toEqual(rows);
  const schema = z.toJSONSchema(exportLine, { io: 'input', reused: 'ref' });
  const text = JSON.stringify({ title: 'A line of an export of NetDelta', ...schema }, null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot(path.join(DOCS, 'export.schema.json'));
});
