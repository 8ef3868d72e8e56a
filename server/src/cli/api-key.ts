import { keyPermissionsOf, type Role } from '@netdelta/core/access/roles.ts';
import { Command, InvalidArgumentError } from 'commander';
import { createKeyToken } from '../accounts/keys/key-token.ts';
import { insertKey } from '../accounts/keys/queries.ts';
import type { Database } from '../db/database.ts';
import { readRole, requireSite } from './people/find.ts';
import { runOnDatabase } from './people/run-on-database.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
The key has the scopes that the role has, except what is only for people: members and keys. It is
printed alone on stdout, this once. Use it as "Authorization: Bearer <key>"; revoke it on the page
API keys of the site. Works while NetDelta runs.
Exit codes: 0 done, 2 wrong use or input, 3 no database.`;

const MOST_DAYS = 3_650;
const DAY_MS = 86_400_000;

interface CreateOptions {
  readonly site: string;
  readonly role: Role;
  readonly name: string;
  readonly days?: number;
}

/** Makes `netdelta api-key`: keys for programs. */
export function createApiKeyCommand(surroundings: Surroundings): Command {
  const apiKey = new Command('api-key').description('keys by which programs enter a site');
  apiKey
    .command('create')
    .description('make a key and print it')
    .requiredOption('--site <slug>', 'the one site that it opens')
    .requiredOption('--role <role>', 'what it may do there', readRole)
    .option('--name <name>', 'which program uses it', 'made on the command line')
    .option('--days <number>', 'after how many days it expires; never, if left out', readDays)
    .addHelpText('after', HELP)
    .action((options: CreateOptions) =>
      runOnDatabase(surroundings, (database) => create(database, options, surroundings)),
    );
  return apiKey;
}

function readDays(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`Give a number from 1 to ${MOST_DAYS}.`);
}

async function create(
  database: Database,
  { site: slug, role, name, days }: CreateOptions,
  { print }: Surroundings,
): Promise<void> {
  const { id: siteId } = await requireSite(database, slug);
  const made = createKeyToken();
  const expiresAt = days === undefined ? null : new Date(Date.now() + days * DAY_MS).toISOString();
  const key = { siteId, createdBy: null, name, scopes: keyPermissionsOf(role), expiresAt };
  await database.withSite(siteId, (tx) => insertKey(tx, key, made));
  print(made.token);
}
