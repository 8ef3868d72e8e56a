import {
  EXPORT_LINES,
  type ExportLineType,
  exportEnd,
  exportHead,
} from '@netdelta/core/api/export.ts';
import type { z } from 'zod';

/** A line that is as docs/export.md says. */
export interface CheckedLine<Type extends string = string> {
  readonly type: Type;
  /** As it was written. */
  readonly row: Readonly<Record<string, unknown>>;
}

export type CheckedOutcome<Type extends string> =
  | { readonly ok: true; readonly line: CheckedLine<Type> }
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      /** What can be read of it none the less: its type is known. */
      readonly line?: CheckedLine<Type>;
    };

type AnyType = ExportLineType | 'export' | 'end';

const SCHEMAS: Readonly<Record<AnyType, z.ZodType>> = {
  export: exportHead,
  ...EXPORT_LINES,
  end: exportEnd,
};
/** In JSON, what no text of Postgres holds: U+0000 and halves of characters. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;
const PROBLEMS_OF_A_LINE = 5;

/** Reads one line of an export, and lists what is wrong with it. */
export function checkLine(text: string): CheckedOutcome<AnyType> {
  const row = parseObject(text);
  if (!row) return refuse('is no JSON object');
  const { type } = row;
  if (typeof type !== 'string' || !Object.hasOwn(SCHEMAS, type))
    return refuse(`has a type that is not known: ${JSON.stringify(type)?.slice(0, 40)}`);
  const known = type as AnyType;
  const outcome = SCHEMAS[known].safeParse(row);
  if (!outcome.success) {
    const issues = outcome.error.issues.slice(0, PROBLEMS_OF_A_LINE);
    const problems = issues.map(({ path, message }) => `${[known, ...path].join('.')}: ${message}`);
    return { ok: false, problems, line: { type: known, row } };
  }
  if (UNSTORABLE.test(JSON.stringify(row)))
    return refuse('holds U+0000 or half a character, which no database stores');
  return { ok: true, line: { type: known, row } };
}

/** Too deep a nesting is no object either: it exhausts the stack. */
function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function refuse(...problems: string[]) {
  return { ok: false, problems } as const;
}
