/** So many problems are told; of the others only their number. */
const MOST_TOLD = 20;

/** All that is wrong with a file, the first problems in words. */
export interface ProblemList {
  readonly told: readonly string[];
  readonly count: number;
  readonly add: (line: number, problems: readonly string[]) => void;
}

export function createProblemList(): ProblemList {
  const told: string[] = [];
  let count = 0;
  return {
    told,
    get count() {
      return count;
    },
    add: (line, problems) => {
      count += problems.length;
      for (const problem of problems)
        if (told.length < MOST_TOLD) told.push(`line ${line}: ${problem}`);
    },
  };
}
