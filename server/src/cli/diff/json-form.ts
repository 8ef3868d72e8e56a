import { describeListed } from '@netdelta/core/compare/describe-listed.ts';
import { listDeltas } from '@netdelta/core/compare/listed-deltas.ts';
import type { Form, ListingOptions } from './form.ts';
import type { ListedFile } from './listed-file.ts';

/** One JSON object, of the shape zDiff (core/src/api). */
export function createJsonForm(options: ListingOptions): Form {
  return {
    complete: false,
    tell: (difference, renamed) => {
      const deltas = listDeltas(difference, options, renamed);
      if (deltas.length === 0) return null;
      const told = deltas.map((delta) =>
        indent(JSON.stringify({ ...delta, sentence: describeListed(delta) }, null, 2)),
      );
      return { text: told.join(',\n'), changes: deltas.length };
    },
    open: ([before, after]) => [
      '{',
      '  "by": "listing",',
      `  "before": ${JSON.stringify(presentFile(before))},`,
      `  "after": ${JSON.stringify(presentFile(after))},`,
      '  "deltas": [',
    ],
    between: ',',
    close: () => ['  ]', '}'],
  };
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function presentFile({ name, facts, hosts }: ListedFile) {
  const { scanner, version, args, start, end, exit, truncated } = facts;
  const seconds = end ?? start;
  const at = seconds === null ? null : new Date(seconds * 1000).toISOString();
  return { file: name, scanner, version, command: args, at, exit, truncated, hosts };
}
