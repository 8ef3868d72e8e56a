import { RequestProblem } from '../http/request-problem.ts';

/** Each holds a connection to the database for as long as its reader takes. */
const MOST_AT_ONCE = 4;

/** Counts the exports that run in this process. */
export function createExportSlots() {
  let taken = 0;
  return {
    /** Takes a place; answers how to give it back, once. @throws RequestProblem when all are taken */
    take: (): (() => void) => {
      if (taken >= MOST_AT_ONCE) throw new RequestProblem(429, 'too-many-exports', TOO_MANY);
      taken += 1;
      let held = true;
      return () => {
        if (held) taken -= 1;
        held = false;
      };
    },
  };
}

const TOO_MANY = `${MOST_AT_ONCE} exports run already. Try again when one of them has ended.`;
