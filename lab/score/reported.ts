/**
 * What a scanner told. Without a port it is about a host (`blind`: about the scanner itself, with the
 * address ''; `subnetDown`: the address is a CIDR; `moved`: the new address).
 */
export interface Reported {
  readonly kind:
    | 'appeared'
    | 'gone'
    | 'changed'
    | 'moved'
    | 'flapping'
    | 'steady'
    | 'answersEverything'
    | 'blind'
    | 'subnetDown';
  readonly address: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly port?: number;
}

/** The same text for the same event. */
export function keyOf({ kind, address, protocol = 'tcp', port }: Reported): string {
  return [kind, address, ...(port === undefined ? [] : [protocol, port])].join(' ');
}
