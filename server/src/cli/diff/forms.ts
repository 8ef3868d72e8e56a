import type { HostDifference } from '@netdelta/core/compare/compare-listings.ts';
import { describeListed } from '@netdelta/core/compare/describe-listed.ts';
import { listDeltas } from '@netdelta/core/compare/listed-deltas.ts';
import { narrowDifference, type Wanted } from '@netdelta/core/compare/listed-kinds.ts';
import type { ListedFile } from './compare-listed.ts';
import { describeBanner, describeRunScripts } from './describe-scans.ts';
import { describeHostText } from './describe-text.ts';
import { closeXml, hostXml, openXml } from './write-xml.ts';

/** What a person asked for. */
export interface ListingOptions extends Wanted {
  readonly form: 'text' | 'xml' | 'json';
  readonly verbose: boolean;
}

/** A host in the form that was asked for, and how many changes that tells. */
export interface ToldHost {
  readonly text: string;
  readonly changes: number;
}

type Files = readonly [before: ListedFile, after: ListedFile];

/** A form of output. Hosts are put into words one by one; the rest when both files have been read. */
export interface Form {
  readonly complete: boolean;
  readonly tell: (difference: HostDifference, renamed: boolean) => ToldHost | null;
  readonly open: (files: Files) => readonly string[];
  /** What stands between two hosts, besides a line end. */
  readonly between: string;
  readonly close: (files: Files) => readonly string[];
}

/** The form that was asked for. */
export function createForm(options: ListingOptions): Form {
  return { text: createTextForm, xml: createXmlForm, json: createJsonForm }[options.form](options);
}

function createTextForm(options: ListingOptions): Form {
  const complete = options.verbose;
  const scripts = (when: 'before' | 'after', [before, after]: Files) =>
    tellsScripts(options) ? describeRunScripts(when, [before.facts, after.facts], complete) : [];
  return {
    complete,
    tell: tellNarrowed(options, (difference) => describeHostText(difference, complete).join('\n')),
    open: (files) => [
      ...describeBanner(files[0].facts, files[1].facts, complete),
      ...scripts('before', files),
    ],
    between: '',
    close: (files) => scripts('after', files),
  };
}

function createXmlForm(options: ListingOptions): Form {
  const complete = options.verbose;
  const silence = tellsScripts(options) ? {} : { before: [], after: [] };
  const headings = (files: Files) =>
    [
      { ...files[0].facts, ...silence },
      { ...files[1].facts, ...silence },
    ] as const;
  return {
    complete,
    tell: tellNarrowed(options, (difference) => hostXml(difference, complete)),
    open: (files) => openXml(headings(files), complete),
    between: '',
    close: (files) => closeXml(headings(files), complete),
  };
}

function tellNarrowed(
  options: ListingOptions,
  write: (difference: HostDifference) => string,
): Form['tell'] {
  return (difference, renamed) => {
    const left = narrowDifference(difference, options, renamed);
    if (left.changes === 0 && !options.verbose) return null;
    return { text: write(left), changes: left.changes };
  };
}

/** Scripts of a whole scan belong to no host, and like its times they are told, not counted. */
function tellsScripts({ only }: Wanted): boolean {
  return only === null || only.has('script.changed');
}

function createJsonForm(options: ListingOptions): Form {
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
