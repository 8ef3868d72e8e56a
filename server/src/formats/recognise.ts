/** The forms of scan files that can be read. */
export type ScanFormat = 'nmap-xml' | 'masscan-xml' | 'masscan-json' | 'masscan-list';

type Recognised =
  | { readonly ok: true; readonly family: 'xml' | 'json' | 'list' }
  | { readonly ok: false; readonly problem: string };

const PACKED: readonly (readonly [magic: readonly number[], kind: string])[] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
];

/** How bytes are packed, by the first five of them; null when they are not. */
export function recognisePacking(head: Uint8Array): string | null {
  const found = PACKED.find(([magic]) => magic.every((byte, at) => head[at] === byte));
  return found?.[1] ?? null;
}

/** So many characters are enough to tell the forms apart. */
export const HEAD_CHARACTERS = 64;

const OTHERS: readonly (readonly [form: RegExp, what: string])[] = [
  [/^# Nmap .*-oG|^# Nmap .*\bas: .*\n?Host: |^Host: /, "nmap's grepable output (-oG)"],
  [/^(# Nmap |Starting Nmap )/, "nmap's output for people (-oN)"],
  [
    /^masscan\/1\.1/,
    "masscan's binary output; `masscan --readscan FILE -oX FILE.xml` turns it into XML",
  ],
  [/^Host: |^Timestamp: /, "masscan's grepable output (-oG)"],
];

/** Tells the form of a text, of which the beginning without white space is given. */
export function recogniseFamily(head: string): Recognised {
  if (head.startsWith('<')) return { ok: true, family: 'xml' };
  if (/^[[{]/.test(head)) return { ok: true, family: 'json' };
  if (/^(#\s*masscan|(open|closed|banner) (tcp|udp|sctp|icmp|arp) )/i.test(head))
    return { ok: true, family: 'list' };
  const other = OTHERS.find(([form]) => form.test(head))?.[1];
  const what = other ? `this is ${other}` : 'this is no scan';
  return { ok: false, problem: what };
}
