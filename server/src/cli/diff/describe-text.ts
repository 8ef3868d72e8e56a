import {
  type HostDifference,
  isShown,
  type PortDifference,
  type ScriptDifference,
} from '@netdelta/core/compare/compare-listings.ts';
import {
  byAddress,
  byText,
  type HostListing,
  type ListedPort,
  type ListedService,
} from '@netdelta/core/compare/listing.ts';
import { type Edit, matchLists } from '@netdelta/core/compare/match-lists.ts';
import type { ScriptOutput } from '@netdelta/core/snapshot/snapshot.ts';
import { printable } from '../looks/printable.ts';
import { type Cell, layTable, type TableRow } from './lay-table.ts';

type Mark = '-' | '+' | ' ';

/** A host's difference in the form of ndiff: lines of the one file, of the other, of both. */
export function describeHostText(difference: HostDifference, complete: boolean): string[] {
  return [
    '',
    ...nameLines(difference),
    ...stateLines(difference, complete),
    ...restLines(difference, complete),
    ...portLines(difference, complete),
    ...osLines(difference),
    ...describeScriptsText('Host script results', difference, complete),
  ];
}

function nameLines({ before, after, namesChanged }: HostDifference): string[] {
  if (!namesChanged) return [line(' ', `${titleOf(before)}:`)];
  return [
    ...(before.state === null ? [] : [line('-', `${titleOf(before)}:`)]),
    ...(after.state === null ? [] : [line('+', `${titleOf(after)}:`)]),
  ];
}

function titleOf({ addresses, names }: HostListing): string {
  const places = [...addresses].sort(byAddress).map(({ address }) => address);
  const name = [...names].sort(byText).join(', ');
  if (name === '') return places.join(', ') || '<no name>';
  return places.length > 0 ? `${name} (${places.join(', ')})` : name;
}

function stateLines({ before, after, stateChanged }: HostDifference, complete: boolean) {
  const tell = (mark: Mark, { state }: HostListing) =>
    state === null ? [] : [line(mark, `Host is ${state}.`)];
  if (stateChanged) return [...tell('-', before), ...tell('+', after)];
  return complete ? tell(' ', after) : [];
}

function restLines({ before, after, restChanged }: HostDifference, complete: boolean): string[] {
  const tell = (mark: Mark, { rest }: HostListing) =>
    rest.size === 0 ? [] : [line(mark, `Not shown: ${describeRest(rest)}`)];
  if (restChanged) return [...tell('-', before), ...tell('+', after)];
  return complete ? tell(' ', before) : [];
}

function describeRest(rest: HostListing['rest']): string {
  return [...rest]
    .sort(([state, count], [other, more]) => more - count || byText(other, state))
    .map(([state, count]) => `${count} ${state} ports`)
    .join(', ');
}

function portLines(difference: HostDifference, complete: boolean): string[] {
  const { before, after, ports } = difference;
  const rows = ports.flatMap((port) => portRows(port, difference, complete));
  if (rows.length === 0) return [];
  const mark = before.state === null ? '+' : after.state === null ? '-' : ' ';
  return layTable([[mark, 'PORT', 'STATE', 'SERVICE', 'VERSION'], ...rows]);
}

function portRows(
  { before, after, scripts }: PortDifference,
  host: HostDifference,
  complete: boolean,
): TableRow[] {
  const [was, is] = [columnsOf(before), columnsOf(after)];
  const same = was.every((cell, place) => cell === is[place]);
  const rows = same
    ? complete || scripts.length > 0
      ? [[' ', ...was]]
      : []
    : [
        ...(isShown(before.state, host.before) ? [['-', ...was]] : []),
        ...(isShown(after.state, host.after) ? [['+', ...is]] : []),
      ];
  return [...rows, ...scripts.flatMap((script) => scriptLines(script, complete))];
}

function columnsOf({ port, protocol, state, service }: ListedPort): Cell[] {
  return [`${port}/${protocol}`, state ?? 'unknown', nameOf(service), versionOf(service)].map(
    (cell) => cell && escapeText(cell),
  );
}

function nameOf({ tunnel, name }: ListedService): Cell {
  const parts = [tunnel, name].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join('/') : null;
}

function versionOf({ product, version, extraInfo }: ListedService): Cell {
  const info = extraInfo === undefined ? undefined : `(${extraInfo})`;
  const parts = [product, version, info].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : null;
}

function osLines({ before, after, os }: HostDifference): string[] {
  if (os.length === 0) return [];
  const mark = after.os.length === 0 ? '-' : before.os.length === 0 ? '+' : ' ';
  return [
    line(mark, 'OS details:'),
    ...editLines(os, before.os, after.os).map(([sign, name]) => line(sign, `  ${name}`)),
  ];
}

interface ScriptsDifference {
  readonly before: { readonly scripts: readonly ScriptOutput[] };
  readonly after: { readonly scripts: readonly ScriptOutput[] };
  readonly scripts: readonly ScriptDifference[];
}

/** The scripts of a host or of a whole scan under their title; nothing where none differs. */
export function describeScriptsText(
  title: string,
  { before, after, scripts }: ScriptsDifference,
  complete: boolean,
): string[] {
  const lines = scripts.flatMap((script) => scriptLines(script, complete));
  if (lines.length === 0) return [];
  const mark = after.scripts.length === 0 ? '-' : before.scripts.length === 0 ? '+' : ' ';
  return ['', line(mark, `${title}:`), ...lines];
}

/** Outputs can differ in nothing that a line shows. */
function scriptLines({ before, after }: ScriptDifference, complete: boolean): string[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  if (!complete && was.join('\n') === is.join('\n')) return [];
  return editLines(matchLists(was, is), was, is).map(([mark, text]) => line(mark, text));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: where Python, and so ndiff, ends lines
const LINE_END = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;

function linesOf(script: ScriptOutput | null): string[] {
  if (!script || script.output === '') return [];
  const lines = script.output.split(LINE_END);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, place) => {
    const said = place === 0 ? `${script.id}: ${text}` : text;
    return `${place === lines.length - 1 ? '|_' : '| '} ${said}`;
  });
}

function* markEdit({ kind, before, after }: Edit): Generator<[Mark, from: 0 | 1, place: number]> {
  if (kind === 'equal') {
    for (let place = before[0]; place < before[1]; place += 1) yield [' ', 0, place];
    return;
  }
  for (let place = before[0]; place < before[1]; place += 1) yield ['-', 0, place];
  for (let place = after[0]; place < after[1]; place += 1) yield ['+', 1, place];
}

function editLines(
  edits: readonly Edit[],
  before: readonly string[],
  after: readonly string[],
): [Mark, string][] {
  return edits.flatMap((edit) =>
    [...markEdit(edit)].map(([mark, from, place]): [Mark, string] => [
      mark,
      (from === 0 ? before : after)[place] ?? '',
    ]),
  );
}

function line(mark: Mark, text: string): string {
  return mark + escapeText(text);
}

/** A scanned host must not steer the terminal; a tab does it no harm. */
function escapeText(text: string): string {
  return text.includes('\t') ? text.split('\t').map(printable).join('\t') : printable(text);
}
