import { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { withExistingDatabase } from '../db/open-existing.ts';
import { withConfig } from './run-roles.ts';
import { checkSecrets } from './secrets/check-secrets.ts';
import { dropKeys } from './secrets/drop-keys.ts';
import { rotateKeys } from './secrets/rotate-keys.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
What has to be read again, such as second factors, is stored sealed with the secret key:
NETDELTA_SECRET_KEY, or the first line of the file secret-key in the data folder. Keys are found as the
server finds them: give these commands its variables.

To exchange the key in the data folder, also while NetDelta runs:
  1. netdelta secrets rotate   makes a new key, seals everything with it, keeps the old one for reading
  2. restart every NetDelta process
  3. netdelta secrets drop     drops the earlier keys; sessions that they signed end
To exchange NETDELTA_SECRET_KEY:
  1. make a key (openssl rand -hex 32) and add it to NETDELTA_OLD_SECRET_KEYS of every process; restart
  2. exchange the two, so that the new one is NETDELTA_SECRET_KEY; restart
  3. netdelta secrets rotate   seals everything with it; then take the old one away
     (one process alone may begin with the second step)
Keep earlier keys as long as backups of their time.

Exit codes: 0 done, 1 some secrets cannot be read or an earlier key is still needed, 2 wrong use,
3 no database, or stopped (what was done stays done: run it again).`;

type Work = (
  parts: { readonly database: Database; readonly config: Config },
  surroundings: Surroundings,
) => Promise<number>;

/** Makes `netdelta secrets`: the secret key, and what is sealed with it. */
export function createSecretsCommand(surroundings: Surroundings): Command {
  const secrets = new Command('secrets')
    .description('exchange the secret key, and check what is sealed with it')
    .addHelpText('after', HELP);
  const run = (work: Work) =>
    withConfig(surroundings, (config, log) =>
      withExistingDatabase(config, log, async (database) => {
        try {
          return await work({ database, config }, surroundings);
        } catch (error) {
          if (!surroundings.signal.aborted) throw error;
          surroundings.complain('Stopped. What was done stays done: run it again for the rest.');
          return 3;
        }
      }),
    );
  secrets
    .command('check')
    .description('open every stored secret, and say what to do about those that cannot be')
    .option('--json', 'print one JSON object')
    .action(({ json = false }: { json?: boolean }) =>
      run((parts) => checkSecrets(parts, surroundings, { json })),
    );
  secrets
    .command('rotate')
    .description('make a new key, and seal every stored secret with it')
    .action(() => run(rotateKeys));
  secrets
    .command('drop')
    .description('drop the earlier keys, when nothing is sealed with them any more')
    .action(() => run(dropKeys));
  return secrets;
}
