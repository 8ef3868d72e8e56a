import type { EndpointObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { XmlUnit } from '../xml/known-unit.ts';
import type { ExtraDraft } from './draft.ts';
import { type ReadingState, weigh } from './elements.ts';

const WITHIN_PORT = new Set(['state', 'service', 'cpe', 'script', 'table', 'elem', 'owner']);
const WITHIN_EXTRAPORTS = new Set(['extrareasons']);

/**
 * Most services of a network look alike to the letter, so that a `<port>` or `<extraports>` that
 * was read once is the same endpoint, or group, the next time: then hosts share it.
 */
export function createUnits(stateNow: () => ReadingState): ReadonlyMap<string, XmlUnit> {
  return new Map([
    [
      'port',
      {
        inner: WITHIN_PORT,
        ready: () => stateNow().host !== undefined,
        take: () => stateNow().lastEndpoint,
        repeat: (endpoint) => {
          const state = stateNow();
          const { host } = state;
          // As it is after any `</port>`, even of one within another.
          state.port = undefined;
          state.cpe = null;
          if (!host || !endpoint) return;
          weigh(host, 0);
          host.endpoints.push(endpoint as EndpointObservation);
        },
      },
    ],
    [
      'extraports',
      {
        inner: WITHIN_EXTRAPORTS,
        ready: () => stateNow().host !== undefined,
        take: () => stateNow().lastExtra,
        repeat: (extra) => {
          const state = stateNow();
          const { host } = state;
          state.extra = undefined;
          if (!host || !extra) return;
          weigh(host, 0);
          host.extras.push(extra as ExtraDraft);
        },
      },
    ],
  ]);
}
