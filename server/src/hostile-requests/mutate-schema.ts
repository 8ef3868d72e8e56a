import type { Chance } from './random.ts';

/** As much of JSON Schema as OpenAPI 3.1 has here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'nobody@example.org',
  'date-time': '2026-01-01T00:00:00Z',
};

/**
 * A body as the schema asks for it, as JSON, in which fields at random places are replaced by `hostile`
 * (JSON, too), left out, or joined by some that nobody knows. `wrongly`: one field is of a wrong type, so
 * that it is never a right body; else those replaced keep their type, and reach what comes behind it.
 */
export function mutateSchema(
  schema: Schema,
  chance: Chance,
  { hostile, wrongly }: { hostile: () => string; wrongly: boolean },
): string {
  const write = (at: Schema, depth: number): string => {
    if (chance.number(depth === 0 ? 12 : 3) === 0) {
      const value = hostile();
      if (wrongly || fits(at, value)) return value;
    }
    const { anyOf, oneOf, properties, items } = at;
    const choices = anyOf ?? oneOf;
    if (choices && choices.length > 0) return write(chance.one(choices), depth);
    if (properties) {
      const wrong = wrongly && depth === 0 ? chance.one(Object.keys(properties)) : null;
      const fields = Object.entries(properties)
        .filter(([name]) => name === wrong || chance.number(8) !== 0)
        .map(([name, field]) => {
          const value = name === wrong ? wrongValue(field) : write(field, depth + 1);
          return `${JSON.stringify(name)}:${value}`;
        });
      if (chance.number(4) === 0) fields.push(`"__proto__":${hostile()}`);
      if (chance.number(4) === 0) fields.push(`"site_id":${hostile()}`);
      return `{${fields.join()}}`;
    }
    if (items)
      return `[${Array.from({ length: chance.number(3) }, () => write(items, depth + 1))}]`;
    return JSON.stringify(plainValue(at)) ?? 'null';
  };
  return write(schema, 0);
}

function fits({ type, enum: choices }: Schema, json: string): boolean {
  if (choices) return false;
  if (/^[-\d]/.test(json)) return type === 'number' || type === 'integer';
  return json.startsWith('"') && type === 'string';
}

function wrongValue({ properties, items }: Schema): string {
  return properties || items ? '17' : '{"x":[[]]}';
}

function plainValue({ const: fixed, enum: choices, type, format, minimum }: Schema): unknown {
  if (fixed !== undefined) return fixed;
  if (choices) return choices[0];
  const kind = typeof type === 'string' ? type : type?.[0];
  if (kind === 'boolean') return true;
  if (kind === 'integer' || kind === 'number') return minimum ?? 1;
  if (kind === 'null') return null;
  return BY_FORMAT[format ?? ''] ?? 'a';
}
