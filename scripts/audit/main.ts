// `npm run audit`: under which licences NetDelta's dependencies are, and what is known against them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { judgeLicences } from './judge-licences.ts';
import { type Advisories, readAdvisories } from './read-advisories.ts';
import { type LockFile, listShippedPackages } from './shipped-packages.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const REGISTRY_MS = 60_000;
/** As the commands of NetDelta: 0 fine, 1 something was found, 2 wrong use, 3 the outside failed. */
const EXIT = { fine: 0, found: 1, wrongUse: 2, noAnswer: 3 } as const;

const [only, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (only !== undefined && only !== '--licences')) {
  console.error('npm run audit [-- --licences]   (--licences: without asking the registry)');
  process.exit(EXIT.wrongUse);
}
process.exit(audit(only === undefined));

function audit(asksRegistry: boolean): number {
  const licencesAreFine = tellLicences();
  const advisories = asksRegistry ? askRegistry() : null;
  if (advisories) tellAdvisories(advisories);
  if (!licencesAreFine) return EXIT.found;
  if (advisories?.kind === 'no-answer') return EXIT.noAnswer;
  return advisories && advisories.problems.length > 0 ? EXIT.found : EXIT.fine;
}

function tellLicences(): boolean {
  const lock: LockFile = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const packages = listShippedPackages(lock);
  const { byLicence, problems } = judgeLicences(packages);
  console.log(`Licences of the ${packages.length} packages that are shipped:\n`);
  for (const licence of [...byLicence.keys()].sort()) {
    const found = byLicence.get(licence) ?? [];
    console.log(`${licence} (${found.length})`);
    for (const { name, version } of found) console.log(`  ${name} ${version}`);
  }
  console.log();
  for (const problem of problems) console.error(`NOT ALLOWED: ${problem}`);
  if (problems.length === 0) console.log('All of them are on the list of allowed licences.');
  else console.error('The list, and why, stands in scripts/audit/judge-licences.ts.');
  return problems.length === 0;
}

function askRegistry(): Advisories {
  const { npm_execpath: npm } = process.env;
  const [command, ...args] = npm ? [process.execPath, npm] : ['npm'];
  const { stdout, error } = spawnSync(
    command ?? 'npm',
    [...args, 'audit', '--json', '--omit=dev', '--fetch-retries=1'],
    { cwd: ROOT, encoding: 'utf8', timeout: REGISTRY_MS, maxBuffer: 64 * 1024 ** 2 },
  );
  if (error) return { kind: 'no-answer', why: error.message };
  return readAdvisories(stdout);
}

function tellAdvisories(advisories: Advisories): void {
  if (advisories.kind === 'no-answer') {
    console.error(`\nThe registry gave NO ANSWER about advisories: ${advisories.why}.`);
    console.error('Whether something is known against these packages was not looked up.');
    return;
  }
  for (const problem of advisories.problems) console.error(`ADVISORY: ${problem}`);
  if (advisories.problems.length === 0)
    console.log('\nThe registry knows no advisory against any of them.');
}
