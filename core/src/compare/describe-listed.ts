import type { ListedDelta, ListedSide } from './listed-deltas.ts';
import type { ListedService } from './listing.ts';

/** A change between two files as a sentence. */
export function describeListed({ kind, subject, before, after }: ListedDelta): string {
  const { address, protocol, port, script } = subject;
  const place = port === undefined ? address : `${address}: ${protocol}/${port}`;
  switch (kind) {
    case 'host.new':
      return `${address} is up`;
    case 'host.down':
      return `${address} is not up any more`;
    case 'target.listed':
      return `${address}: ${stateOf(before)} before, ${stateOf(after)} now`;
    case 'service.opened':
      return `${place} opened${said(after, ' (', ')')}`;
    case 'service.closed':
    case 'service.filtered':
      return `${place} is ${stateOf(after)} now${said(before, ' (was ', ')')}`;
    case 'service.changed':
      return `${place} is ${said(after) || 'unnamed'} now (was ${said(before) || 'unnamed'})`;
    case 'port.changed':
      return `${place} is ${stateOf(after)} now (was ${stateOf(before)})`;
    case 'script.changed':
      return `${place}: the output of ${script} changed`;
    case 'name.changed':
      return `${address} is known as ${namesOf(after)} now (was ${namesOf(before)})`;
    case 'os.changed':
      return `${address}: the operating systems that match changed`;
    case 'rest.changed':
      return `${address}: the numbers of ports not shown changed`;
  }
}

function stateOf(side: ListedSide | null): string {
  return side && 'state' in side ? side.state : 'not listed';
}

function namesOf(side: ListedSide | null): string {
  if (!side || !('names' in side)) return 'not listed';
  return [...side.names, ...side.addresses].join(', ');
}

function said(side: ListedSide | null, before = '', after = ''): string {
  const service = side && 'service' in side ? describe(side.service ?? {}) : '';
  return service && `${before}${service}${after}`;
}

function describe({ name, tunnel, product, version, extraInfo }: ListedService): string {
  const kind = [tunnel, name].filter(Boolean).join('/');
  const text = [product, version, extraInfo && `(${extraInfo})`].filter(Boolean).join(' ');
  return [kind, text].filter(Boolean).join(', ');
}
