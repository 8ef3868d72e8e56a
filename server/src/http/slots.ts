import { RequestProblem } from './request-problem.ts';

/** How much of what is costly goes on at once in this process. */
export interface Slots {
  /**
   * Takes a place; answers how to give it back, once. `quota`: how many this site may have, where sites differ.
   * @throws RequestProblem 429 when all are taken
   */
  readonly take: (siteId: string, quota?: number) => () => void;
}

/** Places for what holds a database connection for long: so many for one site, so many for all. `what` is a plural. */
export function createSlots(what: string, most: { ofSite?: number; inAll: number }): Slots {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take: (siteId, quota = most.ofSite ?? most.inAll) => {
      const own = taken.get(siteId) ?? 0;
      if (own >= quota) throw tooMany(`${own} ${what} of this site run already.`);
      if (all >= most.inAll) throw tooMany(`${all} ${what} run already on this server.`);
      taken.set(siteId, own + 1);
      all += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        all -= 1;
        const left = (taken.get(siteId) ?? 1) - 1;
        if (left > 0) taken.set(siteId, left);
        else taken.delete(siteId);
      };
    },
  };
}

function tooMany(message: string): RequestProblem {
  return new RequestProblem(429, 'busy', `${message} Try again when one of them has ended.`);
}
