import { ROLES, type Role } from '@netdelta/core/access/roles.ts';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { selectSite } from '../../accounts/queries.ts';
import type { Database } from '../../db/database.ts';
import { selectUser } from './queries.ts';
import { WrongUse } from './run-on-database.ts';

export async function requireSite({ system }: Database, slug: string) {
  const site = await selectSite(system, slug);
  if (!site) throw new WrongUse(`There is no site "${slug}". "netdelta site list" names them.`);
  return site;
}

export async function requireUser({ system }: Database, email: string) {
  const user = await selectUser(system, email);
  if (!user)
    throw new WrongUse(
      `Nobody has the address ${email} and a password. "netdelta user list" names everybody, and "netdelta user create" makes an account also for those who come through single sign-on.`,
    );
  return user;
}

/** For commander: a role by its name. */
export function readRole(text: string): Role {
  const role = ROLES.find((name) => name === text);
  if (!role) throw new InvalidArgumentError(`There are ${ROLES.join(', ')}.`);
  return role;
}

/** For commander: an e-mail address, in lower case as people are stored. */
export function readEmail(text: string): string {
  const email = z.email().max(254).safeParse(text);
  if (!email.success) throw new InvalidArgumentError('That is no e-mail address.');
  return email.data.toLowerCase();
}
