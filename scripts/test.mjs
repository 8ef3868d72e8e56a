// Everything that has to hold before a change lands, each part with its time.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules/.bin', name);

const node = existsSync(bin('node')) ? bin('node') : process.execPath;

const PARTS = [
  ['format and lint', [bin('biome'), 'ci', '.']],
  ...['core', 'server', 'web', 'e2e', 'lab', 'bench'].map((project) => [
    `types of ${project}`,
    [bin('tsc'), '-p', project],
  ]),
  ['dead code', [bin('knip')]],
  ['tests', [bin('vitest'), 'run']],
];

const failed = [];
for (const [name, [command, ...args]] of PARTS) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const { status } = spawnSync(node, [command, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nAll parts passed.' : `\nFailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
