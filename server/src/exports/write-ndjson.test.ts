import { EXPORT_LINE_TYPES, EXPORT_LINES } from '@netdelta/core/api/export.ts';
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
