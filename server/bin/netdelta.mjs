#!/usr/bin/env node
// NetDelta needs Node 24; an older one (npx takes the machine's) hands over to the one npm brought.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const brought = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= NEEDED) await run();
else if (existsSync(brought)) handOver();
else refuse();

async function run() {
  const { enableCompileCache } = await import('./compile-cache.mjs');
  enableCompileCache(process.env);
  await import('../src/main.ts');
}

function handOver() {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(brought, args, { stdio: 'inherit' });
  // Ctrl-C reaches both; whoever ends this process alone means the other.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function refuse() {
  process.stderr.write(
    `NetDelta needs Node ${NEEDED} or newer; this is Node ${process.versions.node}.\n` +
      'In a checkout run "npm install"; elsewhere install Node from https://nodejs.org/.\n',
  );
  process.exit(3);
}
