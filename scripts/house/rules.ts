import type { Import, Source } from './source.ts';

/** Looks at all sources and answers one sentence a violation: the file, and what is wrong with it. */
type Rule = (sources: readonly Source[]) => readonly string[];

/** What the domain may use besides itself: all of it runs unchanged in a browser. */
const CORE_PACKAGES = ['croner', 'ipaddr.js', 'zod'];
const FOUNDATIONS = [
  'log',
  'db',
  'queue',
  'engines',
  'formats',
  'channels',
  'http',
  'audit',
  'secrets',
  'outbound',
];

/** The rooms of the server, and into which others each may look. Those not named are the app itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  log: [],
  db: ['log'],
  queue: ['log', 'db'],
  formats: [],
  engines: ['log', 'formats'],
  channels: ['log'],
  secrets: ['log', 'db'],
  outbound: ['log'],
  http: ['log', 'db', 'secrets'],
  audit: ['log', 'db', 'http'],
  playground: ['log'],
  accounts: [...FOUNDATIONS, 'sites'],
  sites: FOUNDATIONS,
  targets: [...FOUNDATIONS, 'sites'],
  scans: [...FOUNDATIONS, 'sites', 'targets'],
  deltas: [...FOUNDATIONS, 'sites', 'targets', 'scans'],
  alerts: [...FOUNDATIONS, 'targets', 'scans', 'deltas'],
  imports: [...FOUNDATIONS, 'sites', 'targets', 'scans', 'deltas'],
  retention: [...FOUNDATIONS, 'targets', 'scans'],
  removal: [...FOUNDATIONS, 'sites', 'targets', 'scans'],
  exports: [...FOUNDATIONS, 'targets', 'scans', 'deltas'],
};

const EMPTY_NAMES = /^(lib|utils?|helpers?|common|shared|services|managers?|misc)(\.|$)/;
const MOST_LINES = 400;
const IMPURE =
  /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bcrypto\.|\bprocess\.|\bset(?:Timeout|Interval)\(|\bfetch\(/;
const SQL_PLACES = /^server\/src\/(db|queue)\/|queries(\.test)?\.ts$/;
const SQL_WORDS = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;

/** The domain knows nothing of the world. */
const coreImportsCoreAlone: Rule = (sources) =>
  imports(sources.filter(isCode('core/'))).flatMap(({ file, to, own }) =>
    (own ? to.startsWith('core/') : CORE_PACKAGES.includes(to))
      ? []
      : [`${file} imports ${to}: core uses itself, ${CORE_PACKAGES.join(', ')}, and nothing else`],
  );

const coreIsPure: Rule = (sources) =>
  sources.filter(isCode('core/')).flatMap(({ file, text }) => {
    const found = IMPURE.exec(text);
    return found ? [`${file} uses ${found[0]}: time, chance and I/O are arguments in core`] : [];
  });

const pagesAndServerAreApart: Rule = (sources) =>
  imports(sources).flatMap(({ file, to }) => {
    if (isCode('web/')({ file }) && (to.startsWith('server/') || to.startsWith('node:')))
      return [`${file} imports ${to}: pages know core and the API alone`];
    if (file.startsWith('server/') && to.startsWith('web/'))
      return [`${file} imports ${to}: the server knows the pages as files alone`];
    return [];
  });

/** targets ← scans ← deltas ← alerts; accounts apart; none of them below. */
const arrowsPointOneWay: Rule = (sources) =>
  imports(sources.filter(isCode('server/'))).flatMap(({ file, to }) => {
    const [from, into] = [roomOf(file), roomOf(to)];
    const allowed = from === undefined || into === from || ARROWS[from]?.includes(into ?? 'app');
    if (allowed || !to.startsWith('server/')) return [];
    return [`${file} imports ${to}: ${from} may not look into ${into ?? 'the app'}`];
  });

/** The lab measures the product: what it needs of it, it may import, and nothing needs the lab. */
const nothingNeedsTheLab: Rule = (sources) =>
  imports(sources.filter(({ file }) => !file.startsWith('lab/'))).flatMap(({ file, to }) =>
    to.startsWith('lab/') ? [`${file} imports ${to}: nothing outside the lab may need it`] : [],
  );

const sqlStaysInQueries: Rule = (sources) =>
  sources.filter(isCode('server/')).flatMap((source) => {
    const { file, text } = source;
    const imported = source.imports.some(
      ({ to, names }) => to === 'kysely' && names.includes('sql'),
    );
    if (SQL_PLACES.test(file) || !(imported || SQL_WORDS.test(text))) return [];
    return [`${file} speaks SQL: that belongs into a queries.ts`];
  });

/** Type imports count as well: two files that need each other are one thought. */
const noCycles: Rule = (sources) => {
  const edges = new Map(
    sources.map(({ file, imports: all }) => [file, all.filter(({ own }) => own)]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file))
      cycles.push(`${[...way.slice(way.indexOf(file)), file].join(' → ')} is a cycle`);
    if (way.includes(file) || done.has(file)) return;
    for (const { to } of edges.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
};

const namesSaySomething: Rule = (sources) =>
  sources.flatMap(({ file }) => {
    const empty = file.split('/').find((part) => EMPTY_NAMES.test(part));
    return empty ? [`${file}: "${empty}" says nothing; name it for what it holds`] : [];
  });

const filesAreShort: Rule = (sources) =>
  sources.flatMap(({ file, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > MOST_LINES ? [`${file} has ${lines} lines; the most is ${MOST_LINES}`] : [];
  });

/** All that a change must not break, by the name under which it fails. */
export const RULES = {
  coreImportsCoreAlone,
  coreIsPure,
  pagesAndServerAreApart,
  arrowsPointOneWay,
  nothingNeedsTheLab,
  sqlStaysInQueries,
  noCycles,
  namesSaySomething,
  filesAreShort,
} satisfies Record<string, Rule>;

function imports(sources: readonly Source[]): (Import & { file: string })[] {
  return sources.flatMap(({ file, imports: all }) => all.map((one) => ({ ...one, file })));
}

/** Neither a test nor what only tests use. */
function isCode(folder: string) {
  return ({ file }: { file: string }) =>
    file.startsWith(folder) && !/\.test\.tsx?$|\/testing\//.test(file);
}

function roomOf(file: string): string | undefined {
  const [, room = ''] = /^server\/src\/([\w-]+)/.exec(file) ?? [];
  if (room === 'log-line') return 'log';
  return room in ARROWS ? room : undefined;
}
