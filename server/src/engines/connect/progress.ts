import type { EngineRequest } from '../engine.ts';
import type { ConnectPlan } from './plan.ts';
import type { HostTally } from './tally.ts';

const PROGRESS_MS = 250;
/** The rest is what comes after every port was asked once: silent ones again, and what listens there. */
const ASKED_ONCE = 0.9;

/** Tells how far a run is, until it is ended. */
export function startProgress(
  request: EngineRequest,
  { hosts, plan }: { hosts: readonly HostTally[]; plan: ConnectPlan },
): { readonly end: (aborted: boolean) => void } {
  const ports = Math.max(1, plan.ports.length);
  const tell = (fraction: number) =>
    request.onProgress({
      fraction,
      hostsUp: hosts.filter(({ up }) => up).length,
      servicesOpen: plan.ports.length > 0 ? hosts.reduce((sum, { open }) => sum + open, 0) : 0,
    });
  const timer = setInterval(() => {
    const parts = hosts.map(({ up, asked }) => (up ? Math.min(1, asked / ports) : 0));
    tell((ASKED_ONCE * parts.reduce((sum, part) => sum + part, 0)) / hosts.length);
  }, PROGRESS_MS);
  return {
    end: (aborted) => {
      clearInterval(timer);
      if (!aborted) tell(1);
    },
  };
}
