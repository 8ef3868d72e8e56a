import type { Contact } from './contact.ts';
import { gapBefore, type Probe } from './finding.ts';

/** Test data: the states of successive probes from 02:00:00 on, with the gaps that the prober keeps. */
export function buildProbes(
  states: readonly Probe['state'][],
  contact: Contact = 'tcp/22',
): readonly Probe[] {
  const REASONS = { open: 'syn-ack', closed: 'reset', filtered: 'admin-prohibited' } as const;
  return states.map((state, at) => ({
    at: `2026-11-24T02:00:${String(at).padStart(2, '0')}.000Z`,
    gapMs: gapBefore(at + 1),
    contact,
    state,
    reason: state === 'silent' ? 'no-response' : REASONS[state],
  }));
}
