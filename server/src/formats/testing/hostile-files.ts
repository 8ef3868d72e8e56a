/** A file that means harm: what it begins with, and what follows until it has its size. */
interface HostileFile {
  readonly head: string;
  readonly repeated?: string;
  readonly tail?: string;
  /** What is to be said of it; null when it is read to its end. */
  readonly problem: RegExp | null;
}

const RUN = '<nmaprun scanner="nmap" version="7.93">';
const HOST = `${RUN}<host><status state="up" reason="reset"/><address addr="10.0.0.1" addrtype="ipv4"/>`;
const LAUGHS = Array.from({ length: 10 }, (_, at) =>
  at === 0 ? '<!ENTITY l0 "lol">' : `<!ENTITY l${at} "${`&l${at - 1};`.repeat(10)}">`,
).join('');
const entities = (declarations: string) =>
  `<?xml version="1.0"?><!DOCTYPE nmaprun [${declarations}]>`;
const LONG = 'a'.repeat(65_536);
const TOO_LONG = /longer than 16 MB/;
const ENTITIES = /declares entities/;

/** What is known to harm readers of XML and JSON, by name. */
export const HOSTILE: Readonly<Record<string, HostileFile>> = {
  'a billion laughs': { head: entities(LAUGHS) + RUN, tail: '&l9;</nmaprun>', problem: ENTITIES },
  'a quadratic bomb': {
    head: `${entities(`<!ENTITY a "${LONG}">`)}${RUN}${'&a;'.repeat(1_000)}`,
    problem: ENTITIES,
  },
  'an external entity': {
    head: `${entities('<!ENTITY x SYSTEM "file:///etc/passwd">')}${RUN}&x;</nmaprun>`,
    problem: ENTITIES,
  },
  'a parameter entity': {
    head: `${entities('<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;')}${RUN}</nmaprun>`,
    problem: ENTITIES,
  },
  'an external DTD': {
    head: `<!DOCTYPE nmaprun SYSTEM "http://127.0.0.1/x.dtd">${RUN}</nmaprun>`,
    problem: null,
  },
  'an undeclared entity': { head: `${RUN}&x;`, problem: /undefined entity/ },
  'a character beyond Unicode': { head: `${RUN}&#x110000;`, problem: /malformed character entity/ },
  'an endless attribute': { head: `${HOST}<script id="`, repeated: LONG, problem: TOO_LONG },
  'an endless attribute in quotes of its own': {
    head: `${HOST}<script id='`,
    repeated: '>">"'.repeat(9_999),
    problem: TOO_LONG,
  },
  'an endless name': { head: `${RUN}<`, repeated: LONG, problem: TOO_LONG },
  'an endless tag': { head: `${RUN}<a `, repeated: ' '.repeat(65_536), problem: TOO_LONG },
  'endless attributes': {
    head: `${RUN}<a `,
    repeated: Array.from({ length: 2_000 }, (_, at) => `a${at}="" `).join(''),
    problem: TOO_LONG,
  },
  'too many attributes': {
    head: `${RUN}<a ${Array.from({ length: 1_001 }, (_, at) => `a${at}=""`).join(' ')}>`,
    problem: /more than 1000 attributes/,
  },
  'an endless comment': { head: `${RUN}<!--`, repeated: LONG, problem: TOO_LONG },
  'an endless comment of tags': {
    head: `${RUN}<!--`,
    repeated: '<port a="1"></port>',
    problem: TOO_LONG,
  },
  'an endless text': { head: RUN, repeated: LONG, problem: TOO_LONG },
  'an endless text of ends': { head: RUN, repeated: ' >'.repeat(32_768), problem: TOO_LONG },
  'an endless CDATA': { head: `${RUN}<![CDATA[`, repeated: `${LONG}>`, problem: TOO_LONG },
  'an endless instruction': { head: `${RUN}<?a `, repeated: `${LONG}>`, problem: TOO_LONG },
  'an endless DOCTYPE': { head: '<!DOCTYPE a [', repeated: `<!-- ${LONG} -->`, problem: TOO_LONG },
  'endless white space': { head: '', repeated: ' \n'.repeat(32_768), problem: /this is no scan/ },
  'endless beginnings': {
    head: RUN,
    repeated: '<'.repeat(65_536),
    problem: TOO_LONG,
  },
  'elements a million deep': { head: RUN, repeated: '<a>'.repeat(1_000), problem: /256 deep/ },
  'elements a million deep, of several kinds': {
    head: RUN,
    repeated: '<a b="&lt;"><c>',
    problem: /256 deep/,
  },
  'a host of endless ports': {
    head: `${HOST}<ports>`,
    repeated: '<port protocol="tcp" portid="1"><state state="open"/></port>'.repeat(1_000),
    problem: /one host holds more than 128 MB/,
  },
  'a host of endless names': {
    head: `${HOST}<hostnames>`,
    repeated: '<hostname name="a"/>',
    problem: /one host holds more than 128 MB/,
  },
  'a host of endless scripts': {
    head: `${HOST}<hostscript>`,
    repeated: '<script id="a" output=""/>',
    problem: /one host holds more than 128 MB/,
  },
  'a port of endless scripts': {
    head: `${HOST}<ports><port protocol="tcp" portid="1">`,
    repeated: `<script id="a" output="${LONG}"/>`,
    problem: /one host holds more than 128 MB/,
  },
  'extraports of endless reasons': {
    head: `${HOST}<ports><extraports state="closed" count="1">`,
    repeated: '<extrareasons reason="reset" ports="1"/>'.repeat(1_000),
    problem: /one host holds more than 128 MB/,
  },
  'an endless text in JSON': { head: '[{"ip": "', repeated: LONG, problem: /longer than 4 MB/ },
  'endless brackets in JSON': {
    head: '[{"ip": ',
    repeated: '['.repeat(65_536),
    problem: /longer than 4 MB/,
  },
  'braces a million deep in JSON': { head: '[', repeated: '{'.repeat(1_000), problem: /too deep/ },
  'endless commas in JSON': { head: '[', repeated: `,${' '.repeat(65_536)}]`, problem: null },
  'an endless line': { head: '#masscan\n', repeated: LONG, problem: /longer than 4 MB/ },
};

/** The bytes of a file, of so many at least when it has something to repeat. */
export async function* listBytes(
  { head, repeated, tail }: HostileFile,
  size: number,
): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  const piece =
    repeated === undefined
      ? null
      : Buffer.from(repeated.repeat(Math.ceil(65_536 / repeated.length)));
  for (let done = 0; piece && done < size; done += piece.length) yield piece;
  if (tail) yield Buffer.from(tail);
}
