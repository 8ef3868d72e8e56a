import { Command, InvalidArgumentError } from 'commander';
import { withExistingDatabase } from '../db/open-existing.ts';
import { exportAudit } from './audit/export-audit.ts';
import { type VerifyOptions, verifyFiles } from './audit/verify-files.ts';
import { verifySites } from './audit/verify-sites.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

const VERIFY_HELP = `
Computes the chain of hashes again from its first entry, and names the first entry that is not as it was
written. Without a file, of the database, also while NetDelta runs; with files, of what "netdelta audit
export" or the page wrote ("-" is standard input): without a database and without any key.
That the last entries were cut off shows only in a hash that was noted earlier: --noted.
Exit codes: 0 whole, 1 broken, 2 wrong use, 3 no database, unreadable file, or stopped.`;

const EXPORT_HELP = `
One JSON object a line, oldest first, site after site: docs/audit.md. Sites that were deleted have left
their log. Who stops reading ends it (0).
Exit codes: 0 fine, 2 wrong use, 3 no database, cannot be written, or stopped.`;

/** Makes `netdelta audit`: whether the audit log is as it was written, and all of it as a file. */
export function createAuditCommand(surroundings: Surroundings): Command {
  const audit = new Command('audit').description('verify and export the audit log');
  audit
    .command('verify')
    .description('say whether the audit log is as it was written')
    .argument('[files...]', 'exported logs, instead of the database')
    .option('--site <site>', 'only this site, by slug, by id where it is gone, or: platform')
    .option('--noted <hash>', 'a hash noted earlier, which has to be in a chain', readHash)
    .option('--json', 'print JSON')
    .addHelpText('after', VERIFY_HELP)
    .action((files: string[], options: VerifyOptions) =>
      files.length > 0
        ? verifyFiles(files, options, surroundings)
        : withConfig(surroundings, (config, log) =>
            withExistingDatabase(config, log, (database) =>
              verifySites(database, options, surroundings),
            ),
          ),
    );
  audit
    .command('export')
    .description('write the audit log as lines of JSON')
    .option('--site <site>', 'only this site, by slug, by id where it is gone, or: platform')
    .option('-o, --output <file>', 'the file; without it, standard output')
    .addHelpText('after', EXPORT_HELP)
    .action((options: { site?: string; output?: string }) =>
      withConfig(surroundings, (config, log) =>
        withExistingDatabase(config, log, (database) =>
          exportAudit(database, options, surroundings),
        ),
      ),
    );
  return audit;
}

/** For commander: a SHA-256 in hexadecimal. */
function readHash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('A hash has 64 hexadecimal digits.');
}
