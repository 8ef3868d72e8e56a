import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';

/** The product as a person reads it: `OpenSSH 9.2p1 (protocol 2.0)`; null when nothing is known of it. */
export function describeProduct(service: ServiceFacts | undefined): string | null {
  if (!service) return null;
  const words = [service.product, service.version].filter(Boolean).join(' ');
  const extra = service.extraInfo ? `(${service.extraInfo})` : '';
  return [words, extra].filter(Boolean).join(' ') || null;
}

/** The name of a service with its tunnel and a mark when it is only read from the port table: `ssl/http`, `ssh?`. */
export function describeServiceName(service: ServiceFacts | undefined): string | null {
  if (!service?.name) return null;
  const name = service.tunnel ? `${service.tunnel}/${service.name}` : service.name;
  return service.method === 'table' ? `${name}?` : name;
}
