import type { PortState } from '../snapshot/snapshot.ts';
import type { Doubt } from './doubt.ts';
import { type Finding, gapBefore, type Probe } from './finding.ts';

/** Test data: a silent tcp/80 of 10.0.0.5, which answered in the last scan. */
export function buildDoubt(overrides: Partial<Doubt> = {}): Doubt {
  return {
    kind: 'silent',
    address: '10.0.0.5',
    endpoint: 'tcp/80',
    ask: ['tcp/80'],
    prior: 1e-4,
    ...overrides,
  };
}

/** Test data: a doubt about the whole host 10.0.0.5, which answers on tcp/22. */
export function buildHostDoubt(overrides: Partial<Doubt> = {}): Doubt {
  const { endpoint: _none, ...doubt } = buildDoubt({ kind: 'host', ask: ['tcp/22'], ...overrides });
  return doubt;
}

/** Test data: probes with these results, one after the other, with the gaps that the prober keeps. */
export function buildProbes(...states: PortState[]): Probe[] {
  const reasons = {
    open: 'syn-ack',
    closed: 'conn-refused',
    filtered: 'admin-prohibited',
    silent: 'no-response',
  };
  return states.map((state, at) => ({
    at: '2026-11-24T02:00:00Z',
    gapMs: gapBefore(at + 1),
    contact: 'tcp/80',
    state,
    reason: reasons[state],
  }));
}

/** Test data: a finding, confirmed silence unless told otherwise. */
export function buildFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    doubt: buildDoubt(),
    outcome: 'confirmed',
    probes: buildProbes('silent', 'silent', 'silent', 'silent', 'silent'),
    loss: 0.05,
    likelihood: 0.999,
    ...overrides,
  };
}
