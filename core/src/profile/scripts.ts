import { z } from 'zod';

/** One of nmap's scripts (NSE), by its name. */
export const scriptName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'a script is named by letters, digits and hyphens, such as ssl-cert',
  );

/**
 * Scripts that a platform allows unless it says otherwise: nmap's own category "safe" (NSE
 * documentation), of those that only read what a service tells everybody.
 */
export const DEFAULT_SCRIPTS: readonly string[] = [
  'banner',
  'dns-nsid',
  'ftp-anon',
  'ftp-syst',
  'http-auth',
  'http-favicon',
  'http-headers',
  'http-methods',
  'http-security-headers',
  'http-title',
  'imap-capabilities',
  'ldap-rootdse',
  'mongodb-info',
  'ms-sql-info',
  'mysql-info',
  'nbstat',
  'ntp-info',
  'pop3-capabilities',
  'rdp-enum-encryption',
  'rdp-ntlm-info',
  'redis-info',
  'rpcinfo',
  'smb-os-discovery',
  'smb-protocols',
  'smb2-security-mode',
  'smb2-time',
  'smtp-commands',
  'snmp-info',
  'snmp-sysdescr',
  'ssh-hostkey',
  'ssh2-enum-algos',
  'ssl-cert',
  'ssl-date',
  'sslv2',
  'tls-alpn',
  'tls-nextprotoneg',
  'upnp-info',
  'vnc-info',
  'xmpp-info',
];

/** What nmap reads as many scripts, or as a word between names: never one script (nmap(1), --script). */
const NO_SCRIPTS: ReadonlySet<string> = new Set([
  ...['all', 'auth', 'broadcast', 'brute', 'default', 'discovery', 'dos', 'exploit', 'external'],
  ...['fuzzer', 'intrusive', 'malware', 'safe', 'version', 'vuln', 'and', 'or', 'not'],
]);

/** Where a platform differs from the default. */
export interface ScriptRule {
  readonly name: string;
  readonly allowed: boolean;
}

/** What may run: the default, with what the platform added and without what it took away. */
export function listAllowedScripts(rules: readonly ScriptRule[]): ReadonlySet<string> {
  const names = new Set(DEFAULT_SCRIPTS);
  for (const { name, allowed } of rules)
    if (allowed && isOneScript(name)) names.add(name);
    else names.delete(name);
  return names;
}

/** Whether nmap reads a name as that of one script, and of no more. */
export function isOneScript(name: string): boolean {
  return scriptName.safeParse(name).success && !NO_SCRIPTS.has(name);
}
