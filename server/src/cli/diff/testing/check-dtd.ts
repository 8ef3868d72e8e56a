import type { Tree } from './read-tree.ts';

const SIDES = '((a )(b )?|b )';

/** The content of each element as nmap's ndiff.dtd (version 1) allows it, over `name name `. */
const CONTENT: Readonly<Record<string, string>> = {
  nmapdiff: 'scandiff ',
  scandiff: `(prescript |hostdiff |host |postscript |${SIDES})*`,
  prescript: `((script )*|${SIDES})`,
  postscript: `((script )*|${SIDES})`,
  hostdiff: `(host |${SIDES})`,
  host: '(status |address |hostnames |ports |os |hostscript |a |b )*',
  hostnames: '(hostname |a |b )*',
  ports: '((extraports )*|a b )?(portdiff |port )*',
  portdiff: `(port |${SIDES})`,
  port: '(state |service |script |a |b )*',
  os: '(osmatch |a |b )*',
  hostscript: '(script |a |b )*',
  a: '(nmaprun |prescript |postscript |host |status |address |hostname |(extraports )*|port |state |service |script |os |(osmatch )*|hostscript )',
};

/** The attributes of each element: those with `!` have to be there. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  nmapdiff: 'version',
  nmaprun: 'scanner! args start startstr version!',
  status: 'state!',
  address: 'addr! addrtype',
  hostname: 'name!',
  extraports: 'state! count!',
  port: 'protocol! portid!',
  state: 'state!',
  service: 'name product version extrainfo tunnel',
  script: 'id! output!',
  osmatch: 'name!',
};

const VALUES: Readonly<Record<string, RegExp>> = {
  'status state': /^(unknown|up|down)$/,
  'address addrtype': /^(ipv4|ipv6|mac)$/,
  // sctp came to nmap after its DTD, and ndiff itself writes it.
  'port protocol': /^(ip|tcp|udp|sctp)$/,
};

/** What of a document is not as ndiff.dtd wants it, one sentence each. */
export function checkNdiffDtd(element: Tree): string[] {
  const { name, attributes, children } = element;
  const content = CONTENT[name === 'b' ? 'a' : name] ?? '';
  const inside = children.map((child) => `${child.name} `).join('');
  const allowed = (ATTRIBUTES[name] ?? '').split(' ').filter(Boolean);
  const names = allowed.map((text) => text.replace('!', ''));
  const lacks = allowed.filter((text) => text.endsWith('!') && !(text.slice(0, -1) in attributes));
  return [
    ...(new RegExp(`^(${content})$`).test(inside) ? [] : [`<${name}> holds: ${inside}`]),
    ...lacks.map((text) => `<${name}> lacks ${text.slice(0, -1)}`),
    ...Object.entries(attributes).flatMap(([key, value]) =>
      names.includes(key) && (VALUES[`${name} ${key}`]?.test(value) ?? true)
        ? []
        : [`<${name}> has ${key}="${value}"`],
    ),
    ...children.flatMap(checkNdiffDtd),
  ];
}
