import { randomUUID } from 'node:crypto';
import type { Role } from '@netdelta/core/access/roles.ts';
import { Command } from 'commander';
import { hashPassword } from '../accounts/password-hash.ts';
import { insertUser } from '../accounts/queries.ts';
import type { Database } from '../db/database.ts';
import { printable } from './looks/printable.ts';
import { readEmail, readRole, requireSite, requireUser } from './people/find.ts';
import { readNewPassword } from './people/new-password.ts';
import { type ListedUser, selectUser, selectUsers, upsertMember } from './people/queries.ts';
import { resetPassword } from './people/reset-password.ts';
import { runOnDatabase, WrongUse } from './people/run-on-database.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
For whoever may read the data of this machine: nobody else's rights are asked. Works while NetDelta
runs, and when its mail or identity provider does not: an owner always comes in by password. Where
single sign-on is down, "create --site S --role owner" makes one, or "reset-password" helps one.
A new password is printed, alone, on stdout, this once; or read with --password-stdin. It is never an
argument, which every process of the machine could read.
Exit codes: 0 done, 2 wrong use or input, 3 no database.`;

/** Makes `netdelta user`: people, when the pages cannot help. */
export function createUserCommand(surroundings: Surroundings): Command {
  const user = new Command('user')
    .description('people and their passwords, when the pages cannot help')
    .addHelpText('after', HELP);
  addCreate(user, surroundings);
  addResetPassword(user, surroundings);
  user
    .command('role')
    .description('give somebody a role in a site, as a new member or instead of theirs')
    .requiredOption('--email <address>', 'whom', readEmail)
    .requiredOption('--site <slug>', 'the site')
    .requiredOption('--role <role>', 'the role', readRole)
    .action((options: RoleOptions) =>
      runOnDatabase(surroundings, (database) => giveRole(database, options, surroundings)),
    );
  user
    .command('list')
    .description('everybody, with their sites and roles')
    .option('--site <slug>', 'only members of this site')
    .option('--json', 'print JSON')
    .action((options: { site?: string; json?: true }) =>
      runOnDatabase(surroundings, (database) => list(database, options, surroundings)),
    );
  return user;
}

interface CreateOptions {
  readonly email: string;
  readonly name: string;
  readonly site?: string;
  readonly role: Role;
  readonly platformAdmin?: true;
  readonly passwordStdin?: true;
}

function addCreate(user: Command, surroundings: Surroundings): void {
  user
    .command('create')
    .description('make an account, in a site or as platform administrator')
    .requiredOption('--email <address>', 'of the person', readEmail)
    .requiredOption('--name <name>', 'of the person')
    .option('--site <slug>', 'make them a member of this site')
    .option('--role <role>', 'their role there', readRole, 'viewer')
    .option('--platform-admin', 'may make sites and see the list of all')
    .option('--password-stdin', 'read the password from stdin instead of printing a new one')
    .action((options: CreateOptions) =>
      runOnDatabase(surroundings, (database) => create(database, options, surroundings)),
    );
}

async function create(
  database: Database,
  options: CreateOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { email, name, role, platformAdmin = false } = options;
  const site = options.site === undefined ? null : await requireSite(database, options.site);
  if (await selectUser(database.system, email))
    throw new WrongUse(`${email} has an account already. Try "netdelta user role".`);
  const password = await choosePassword(options, [name, email], surroundings);
  const user = { id: randomUUID(), name, email, passwordHash: await hashPassword(password.text) };
  await database.system.transaction().execute(async (tx) => {
    await insertUser(tx, { ...user, platformAdmin });
    if (site) await upsertMember(tx, { siteId: site.id, userId: user.id, role });
  });
  surroundings.complain(`Made the account of ${email}${site ? `, ${role} of ${site.slug}` : ''}.`);
  password.tell();
}

interface ResetOptions {
  readonly email: string;
  readonly platformAdmin?: true;
  readonly passwordStdin?: true;
  /** False: they end. */
  readonly secondFactor: boolean;
  readonly passkeys: boolean;
}

function addResetPassword(user: Command, surroundings: Surroundings): void {
  user
    .command('reset-password')
    .description('give somebody a new password; all their sessions end')
    .requiredOption('--email <address>', 'whose', readEmail)
    .option('--platform-admin', 'make them a platform administrator, too')
    .option('--no-second-factor', 'end their second factor, which they have lost')
    .option('--no-passkeys', 'remove their passkeys, which they have lost')
    .option('--password-stdin', 'read the password from stdin instead of printing a new one')
    .action((options: ResetOptions) =>
      runOnDatabase(surroundings, (database) => reset(database, options, surroundings)),
    );
}

async function reset(
  database: Database,
  options: ResetOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { id, name, email } = await requireUser(database, options.email);
  const password = await choosePassword(options, [name, email], surroundings);
  await resetPassword(database, {
    person: { id, name },
    passwordHash: await hashPassword(password.text),
    platformAdmin: options.platformAdmin ?? false,
    secondFactor: options.secondFactor,
    passkeys: options.passkeys,
  });
  surroundings.complain(`${email} has a new password; all their sessions have ended.`);
  password.tell();
}

/** What `tell` prints stands alone on stdout. */
async function choosePassword(
  { passwordStdin = false }: { passwordStdin?: boolean },
  known: readonly string[],
  surroundings: Surroundings,
) {
  const outcome = await readNewPassword(surroundings, { fromStdin: passwordStdin, known });
  if (!outcome.ok) throw new WrongUse(outcome.problem);
  const { password, generated } = outcome;
  return { text: password, tell: () => generated && surroundings.print(password) };
}

interface RoleOptions {
  readonly email: string;
  readonly site: string;
  readonly role: Role;
}

async function giveRole(
  database: Database,
  { email, site: slug, role }: RoleOptions,
  { complain }: Surroundings,
): Promise<void> {
  const site = await requireSite(database, slug);
  const user = await requireUser(database, email);
  await upsertMember(database.system, { siteId: site.id, userId: user.id, role });
  complain(`${user.email} is ${role} of ${site.slug} now.`);
}

async function list(
  database: Database,
  { site, json }: { site?: string; json?: true },
  { print }: Surroundings,
): Promise<void> {
  if (site !== undefined) await requireSite(database, site);
  const users = await selectUsers(database.system, site);
  if (json) print(JSON.stringify(users, null, 2));
  else for (const user of users) print(describeUser(user));
}

function describeUser({ email, name, platformAdmin, signsOn, roles }: ListedUser): string {
  const facts = [
    ...(platformAdmin ? ['platform administrator'] : []),
    ...roles,
    ...(signsOn ? ['through single sign-on, without a password'] : []),
  ];
  return printable(`${email}  ${name}  ${facts.join(', ') || 'in no site'}`);
}
