import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const RUNS = join(import.meta.dirname, 'runs');

/** Each file in runs is a benchmark: it exports `run(words)`, which prints its table. */
interface Bench {
  readonly run: (words: readonly string[]) => Promise<void>;
}

/** 0 done, 2 wrong words. */
async function main([name, ...words]: readonly string[]): Promise<number> {
  const names = readdirSync(RUNS).map((file) => file.replace(/\.ts$/, ''));
  if (name === undefined || !names.includes(name)) {
    process.stderr.write(`bench: name one of: ${names.join(', ')}\n`);
    return 2;
  }
  const bench = (await import(join(RUNS, `${name}.ts`))) as Bench;
  await bench.run(words);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
