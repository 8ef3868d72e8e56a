import { isIP } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type Allowances, parseAllowances } from './outbound/decide-address.ts';

/** All that the environment may say, parsed. Secrets are in here: log single fields, never all of it. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** null: the embedded Postgres. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** null: from a file in the data folder. */
  readonly secretKey: string | null;
  /** By which is only read. */
  readonly oldSecretKeys: readonly string[];
  /** null: people reach the server under its own address. */
  readonly publicUrl: URL | null;
  /** Addresses and CIDRs whose word about the client is believed. */
  readonly trustedProxies: readonly string[];
  /** null: no mail can be sent. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  /** Whom root becomes; null: it stays root. */
  readonly runAs: string | null;
  /** What sites may make NetDelta reach besides public addresses. */
  readonly allowPrivateOutbound: Allowances;
  readonly logLevel: string;
}

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  /** One sentence a problem, each beginning with its variable and never repeating a secret. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Beside the program, wherever it is started from. */
const DEFAULT_DATA_DIR = path.resolve(import.meta.dirname, '..', '..', '.netdelta');
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const NETWORKS =
  'has to be addresses or CIDRs with commas between them, such as 10.0.0.0/8,fd00::/8; none may be everybody (/0)';
const PORT_RANGE = 'has to be a number between 0 and 65535';

const variables = z.object({
  HOST: z
    .string()
    .refine(isHost, 'has to be an address or a name of this machine, such as 127.0.0.1')
    .describe('the address to listen on; 0.0.0.0 for all')
    .default('127.0.0.1'),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, PORT_RANGE)
    .describe('the port to listen on; 0 for any free one')
    .default('9004'),
  DATABASE_URL: url(['postgres', 'postgresql'], 'postgresql://user:password@host:5432/netdelta')
    .describe(
      'a Postgres of your own (15 or newer, with its contrib package: `pg_trgm`); absent: the embedded one',
    )
    .optional(),
  NETDELTA_DATA_DIR: z
    .string()
    .describe('the folder for the embedded database and the secret key')
    .default(DEFAULT_DATA_DIR),
  NETDELTA_SECRET_KEY: z
    .string()
    .min(32, 'has to have 32 characters or more; make one with: openssl rand -hex 32')
    .describe('signs the sessions and seals stored secrets; absent: made once, in the data folder')
    .optional(),
  NETDELTA_OLD_SECRET_KEYS: z
    .string()
    .refine(
      (text) => splitKeys(text).every(({ length }) => length >= 32),
      'has to hold keys of 32 characters or more, with commas between them',
    )
    .describe('earlier secret keys, by which is only read, with commas between them')
    .optional(),
  NETDELTA_PUBLIC_URL: url(['http', 'https'], 'https://netdelta.example.org/')
    .describe('where people reach the pages, when a proxy stands before them')
    .optional(),
  NETDELTA_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .refine((each) => each.every(isNetwork), NETWORKS)
    .describe(
      'addresses and CIDRs of the proxies that may say by X-Forwarded-For, -Proto and -Host who asks, and how; absent: nobody is believed',
    )
    .optional(),
  SMTP_URL: url(['smtp', 'smtps'], 'smtp://user:password@mail.example.org:587')
    .describe('the mail server; absent: no mail is sent')
    .optional(),
  NETDELTA_MAIL_FROM: z
    .string()
    .regex(
      /^[^\r\n<>]*<?[^\s<>@]+@[^\s<>@]+>?$/,
      'has to be an address, or: Name <address@example.org>',
    )
    .describe('the sender of mails')
    .default('NetDelta <netdelta@localhost>'),
  NETDELTA_ADMIN_EMAIL: z
    .email('has to be an e-mail address')
    .describe('with the password: makes the first site and its owner at the first start')
    .optional(),
  NETDELTA_ADMIN_PASSWORD: z
    .string()
    .min(12, 'has to have 12 characters or more')
    .describe('absent, as the e-mail: a one-time set-up link is printed instead')
    .optional(),
  NETDELTA_RUN_AS: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,30}$/i, 'has to be the name of a user of this machine')
    .describe('the user that NetDelta becomes when root starts it; absent: it stays root')
    .optional(),
  NETDELTA_ALLOW_PRIVATE_OUTBOUND: z
    .string()
    .refine(
      (text) => parseAllowances(text) !== null,
      'has to hold CIDRs, addresses or host names, with commas between them, such as 10.1.0.0/16,login.example.org',
    )
    .describe(
      'CIDRs and host names that sites may make NetDelta ask (identity providers) although they are at no public address',
    )
    .optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `has to be one of ${LOG_LEVELS.join(', ')}`)
    .describe('how much is logged')
    .default('info'),
});

/** An address, or a CIDR that is not everybody. */
function isNetwork(text: string): boolean {
  const [, address = '', , bits] = /^([\da-f.:]+)(\/(\d{1,3}))?$/i.exec(text) ?? [];
  const most = [0, 0, 0, 0, 32, 0, 128][isIP(address)] ?? 0;
  const length = bits === undefined ? most : Number(bits);
  return length > 0 && length <= most;
}

function isHost(text: string): boolean {
  return isIP(text) > 0 || (/^[\w.-]+$/.test(text) && URL.canParse(`http://${text}/`));
}

const NOTHING: Allowances = { hosts: [], networks: [] };

function splitKeys(text: string): string[] {
  return text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

function url(schemes: readonly string[], example: string) {
  const begin = new RegExp(`^(${schemes.join('|')})://.`);
  const isUrl = (text: string) =>
    begin.test(text) && (!schemes.includes('http') || URL.canParse(text));
  return z.string().refine(isUrl, `has to be an address such as ${example}`);
}

/** Reads the environment, once. A variable that is set to nothing counts as absent. */
export function parseConfig(environment: NodeJS.ProcessEnv): ConfigOutcome {
  const set = Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim()));
  const parsed = variables.safeParse(set);
  const issues = parsed.error?.issues ?? [];
  const problems = [...issues.map(describeIssue), ...describeLonely(set)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: toConfig(parsed.data) };
}

function describeLonely(set: NodeJS.ProcessEnv): string[] {
  const missing = ['NETDELTA_ADMIN_EMAIL', 'NETDELTA_ADMIN_PASSWORD'].filter((name) => !set[name]);
  return missing.length === 1 ? [`${missing[0]} is missing; set both or neither`] : [];
}

function describeIssue({ path: [name], message }: z.core.$ZodIssue): string {
  return `${String(name)} ${message}`;
}

function toConfig(found: z.infer<typeof variables>): Config {
  return {
    host: found.HOST,
    port: Number(found.PORT),
    databaseUrl: found.DATABASE_URL ?? null,
    dataDir: path.resolve(found.NETDELTA_DATA_DIR.replace(/^~(?=\/|$)/, homedir())),
    secretKey: found.NETDELTA_SECRET_KEY ?? null,
    oldSecretKeys: splitKeys(found.NETDELTA_OLD_SECRET_KEYS ?? ''),
    publicUrl: found.NETDELTA_PUBLIC_URL ? new URL(found.NETDELTA_PUBLIC_URL) : null,
    trustedProxies: found.NETDELTA_TRUSTED_PROXIES ?? [],
    smtpUrl: found.SMTP_URL ?? null,
    mailFrom: found.NETDELTA_MAIL_FROM,
    adminEmail: found.NETDELTA_ADMIN_EMAIL ?? null,
    adminPassword: found.NETDELTA_ADMIN_PASSWORD ?? null,
    runAs: found.NETDELTA_RUN_AS ?? null,
    allowPrivateOutbound: parseAllowances(found.NETDELTA_ALLOW_PRIVATE_OUTBOUND ?? '') ?? NOTHING,
    logLevel: found.LOG_LEVEL,
  };
}

/** The variables as rows `name, default (or empty), meaning`, for help texts and the README. */
export function describeConfig(): readonly (readonly [string, string, string])[] {
  return Object.entries(variables.shape).map(([name, schema]) => {
    const absent = schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : '';
    const shown = absent === DEFAULT_DATA_DIR ? '.netdelta beside the program' : absent;
    const { description = '' } = z.globalRegistry.get(schema.unwrap()) ?? {};
    return [name, shown, description] as const;
  });
}
