import { spawn } from 'node:child_process';
import { nameNetwork, removeLeftOvers, removeNetwork } from '../network/namespaces.ts';
import { runCommand, systemEnvironment } from '../network/run-command.ts';

const VARIABLE = 'NETDELTA_LAB_NETWORK';

/** The network whose near namespace this process was started in; undefined outside of any. */
export function networkAround(): string | undefined {
  return process.env[VARIABLE];
}

/**
 * Runs a program of Node again within a near namespace, so that whatever it connects to, or starts,
 * goes through the lab's path. Resolves with its exit code once the namespace is removed.
 */
export async function runInside(program: string, words: readonly string[]): Promise<number> {
  await removeLeftOvers();
  const network = nameNetwork();
  const near = `${network}-near`;
  try {
    await runCommand(['ip', 'netns', 'add', near]);
    return await followChild(network, [
      `--net=/run/netns/${near}`,
      process.execPath,
      program,
      ...words,
    ]);
  } finally {
    await removeNetwork(network);
  }
}

function followChild(network: string, words: readonly string[]): Promise<number> {
  // The channel is how it notices that this process has gone, however that happened.
  const child = spawn('nsenter', words, {
    env: { ...systemEnvironment(), [VARIABLE]: network },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // Ctrl-C reaches both; this process waits, and cleans up when the other has ended.
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 3));
    });
  });
}
