import type { ServiceFacts } from '../snapshot/snapshot.ts';
import type { Delta, HostKind, HostSide, ServiceKind } from './delta.ts';

/** Test data: what version detection learned of a service. */
export function buildService(overrides: Partial<ServiceFacts> = {}): ServiceFacts {
  return { method: 'probed', name: 'ssh', product: 'OpenSSH', version: '9.2p1', ...overrides };
}

/** Test data: one side of a host delta, up and without services. */
export function buildHostSide(overrides: Partial<HostSide> = {}): HostSide {
  return { up: true, reason: 'syn-ack', names: [], services: [], ...overrides };
}

/** Test data: a delta of a host, `10.0.0.5` unless told otherwise. */
export function buildDeltaOfHost(
  kind: HostKind,
  overrides: Partial<Extract<Delta, { kind: HostKind }>> = {},
): Delta {
  return {
    kind,
    subject: { address: '10.0.0.5' },
    before: null,
    after: null,
    evidence: { reason: 'syn-ack' },
    ...overrides,
  } as Delta;
}

/** Test data: a delta of a service, tcp/22 of `10.0.0.5` unless told otherwise. */
export function buildDeltaOfService(
  kind: ServiceKind,
  overrides: Partial<Extract<Delta, { kind: ServiceKind }>> = {},
): Delta {
  return {
    kind,
    subject: { address: '10.0.0.5', protocol: 'tcp', port: 22 },
    before: null,
    after: null,
    evidence: { reason: 'syn-ack' },
    ...overrides,
  } as Delta;
}
