const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NUMERIC_LABEL = /^(\d+|0x[0-9a-f]*)$/;

export type HostName =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * Reads a host name (RFC 952, RFC 1123 §2.1; ASCII, at most 253 characters): lower case, without
 * the closing dot. A name that ends in a number is refused, because resolvers read it as an address.
 */
export function parseHostName(text: string): HostName {
  const name = text.toLowerCase().replace(/\.$/, '');
  const message = describeFault(name);
  return message === null ? { kind: 'name', name } : { kind: 'problem', message };
}

/** Whether a resolver would take this text for an IPv4 address in one of its old forms. */
export function endsInNumber(text: string): boolean {
  return NUMERIC_LABEL.test(text.toLowerCase().replace(/\.$/, '').split('.').at(-1) ?? '');
}

function describeFault(name: string): string | null {
  if (!/^[\x21-\x7e]*$/.test(name)) {
    return 'has characters outside ASCII: write the name in its xn-- form, a range with a plain "-"';
  }
  if (name.length > 253) return 'is longer than the 253 characters of a host name';
  const label = name.split('.').find((part) => !LABEL.test(part));
  if (label !== undefined) return describeLabel(label);
  return endsInNumber(name) ? 'a host name does not end in a number' : null;
}

function describeLabel(label: string): string {
  if (label === '') return 'has an empty part: a host name has no two dots in a row';
  if (label.length > 63) return 'has a part longer than the 63 characters of a host name';
  if (label.startsWith('-') || label.endsWith('-')) {
    return `"${label}" begins or ends with "-", which no part of a host name does`;
  }
  return `"${label}" is not part of a host name: use letters, digits and "-"; or write an address, CIDR or range`;
}
