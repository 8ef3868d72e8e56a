import type { ServiceFacts } from '../snapshot/snapshot.ts';

/**
 * Says what a service is: `ssh, OpenSSH 9.2p1`. A name that is only read from the port table,
 * and not from what the service said, has a question mark: `ssh?`. Empty when nothing is known.
 */
export function describeService(service: ServiceFacts | undefined): string {
  if (!service) return '';
  return [describeName(service), describeProduct(service)].filter(Boolean).join(', ');
}

/** Says how two sides of a service differ, in the fewest words that tell them apart. */
export function describeServiceChange(
  before: ServiceFacts | undefined,
  after: ServiceFacts | undefined,
): string {
  for (const describe of DETAILS) {
    const [from, to] = [describe(before), describe(after)];
    if (from !== to) return `from ${from || UNKNOWN} to ${to || UNKNOWN}`;
  }
  return 'in details that its description does not show';
}

const UNKNOWN = 'an unknown service';

/** From the shortest description to the longest; nothing here is worth a word while a shorter one differs. */
const DETAILS: readonly ((service: ServiceFacts | undefined) => string)[] = [
  (service) => (service && describeProduct(service)) || (service ? describeName(service) : ''),
  describeService,
  (service) => withDetail(service, service?.extraInfo),
  (service) => withDetail(service, service?.hostName),
  (service) => withDetail(service, service?.osType),
  (service) => withDetail(service, service?.deviceType),
];

function withDetail(service: ServiceFacts | undefined, detail: string | undefined): string {
  return [describeService(service), detail && `(${detail})`].filter(Boolean).join(' ');
}

function describeName({ name, tunnel, method }: ServiceFacts): string {
  if (!name) return '';
  return `${tunnel ? `${tunnel}/` : ''}${name}${method === 'table' ? '?' : ''}`;
}

function describeProduct({ product, version }: ServiceFacts): string {
  return [product, version].filter(Boolean).join(' ');
}
