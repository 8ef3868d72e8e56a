import { nameNetwork, removeNetwork } from './namespaces.ts';
import { runCommand } from './run-command.ts';

const RULE =
  'add table inet probe\nadd chain inet probe c\nadd rule inet probe c numgen random mod 10 < 1 drop\n';

/** Says why no lab can be made on this machine, in a sentence; undefined when one can. */
export async function findLabProblem(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'The lab needs Linux and its network namespaces.';
  if (process.getuid?.() !== 0) return 'The lab needs root: it makes network namespaces.';
  const network = nameNetwork();
  try {
    await runCommand(['ip', 'netns', 'add', `${network}-try`]);
    await runCommand(['ip', 'netns', 'exec', `${network}-try`, 'nft', '-f', '-'], { input: RULE });
    return undefined;
  } catch (error) {
    return `The lab cannot be made here (it needs ip of iproute2, nft of nftables, and the right to make network namespaces): ${error instanceof Error ? error.message : error}`;
  } finally {
    await removeNetwork(network).catch(() => undefined);
  }
}
