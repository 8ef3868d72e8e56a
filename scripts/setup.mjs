// Prepares a bare clone for `npm start` or `npm test`. Runs under the machine's own Node (20 or
// newer), before anything is installed: so it has no dependencies and is plain JavaScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
const purpose = process.argv[2] === 'test' ? 'test' : 'start';

const TEST_TOOLS = [
  { program: 'nmap', debianPackage: 'nmap' },
  { program: 'ndiff', debianPackage: 'ndiff' },
  { program: 'chromium', debianPackage: 'chromium' },
  // For the network lab, whose tests are skipped where there is none.
  { program: 'nft', debianPackage: 'nftables', optional: true },
  { program: 'ip', debianPackage: 'iproute2', optional: true },
];

installPackages();
buildPages();
if (purpose === 'test') installTestTools();

function installPackages() {
  onceFor('packages', ['package.json', 'package-lock.json'], () => {
    say('installing packages (once; about half a minute) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  if (existsSync(node)) return;
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  fail(
    'NetDelta needs Node 24. Its package is not there for this machine, or optional packages were left out:\n' +
      'install Node 24 from your system, or run npm ci without --omit=optional.',
  );
}

function buildPages() {
  onceFor(
    'pages',
    [
      'package-lock.json',
      'core/src',
      'web/src',
      'web/public',
      'web/index.html',
      'web/vite.config.ts',
    ],
    () => {
      say('building the pages (once) …');
      run(
        existsSync(node) ? node : process.execPath,
        [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
        join(root, 'web'),
      );
    },
    join(root, 'web/dist/index.html'),
  );
}

function installTestTools() {
  // Debian keeps nft and ip where a plain user's PATH does not lead.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const missing = TEST_TOOLS.filter(({ program }) => spawnSync('which', [program], { env }).status);
  const mayInstall = process.getuid?.() === 0 && spawnSync('which', ['apt-get']).status === 0;
  const wanted = missing.filter(({ optional }) => mayInstall || !optional);
  if (wanted.length === 0) return;
  const packages = wanted.map(({ debianPackage }) => debianPackage);
  if (!mayInstall)
    fail(
      `The tests need ${packages.join(', ')}. On Debian: sudo apt-get install ${packages.join(' ')}`,
    );
  say(`installing ${packages.join(', ')} for the tests (once) …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], root, environment);
  run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    root,
    environment,
  );
}

/** Does the work unless it was done for exactly these files before. */
function onceFor(name, paths, work, product = join(root, 'node_modules')) {
  const stampFile = join(root, 'node_modules', `.netdelta-${name}`);
  const digest = digestOf(paths);
  if (existsSync(product) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest)
    return;
  work();
  writeFileSync(stampFile, digest);
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => listFiles(join(root, path))))
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function run(command, args, cwd = root, env = process.env) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error || status !== 0)
    fail(
      `"${command} ${args[0]}" failed${error ? `: ${error.message}` : ` with exit code ${status}`}; see above.`,
    );
}

function say(message) {
  console.log(`netdelta: ${message}`);
}

function fail(message) {
  console.error(`netdelta: ${message}`);
  process.exit(3);
}
