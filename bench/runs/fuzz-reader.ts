import {
  buildFuzzed,
  type FuzzFailure,
  findFailure,
  readCorpus,
} from '../../server/src/formats/testing/fuzz.ts';
import { renderTable } from '../measure.ts';

const MOST_FAILURES = 20;

/** Reads damaged scan files for some minutes (by default one). Words: minutes, the first seed. */
export async function run([minutes = '1', first = '1']: readonly string[]): Promise<void> {
  const corpus = readCorpus();
  const until = performance.now() + Number(minutes) * 60_000;
  const failures: FuzzFailure[] = [];
  let bytes = 0;
  let seed = Number(first);
  for (; performance.now() < until && failures.length < MOST_FAILURES; seed += 1) {
    const file = buildFuzzed(seed, corpus);
    bytes += file.length;
    const failure = await findFailure(seed, file);
    if (failure) failures.push(failure);
  }
  for (const { seed: of, what } of failures) process.stdout.write(`seed ${of}: ${what}\n`);
  const row = [
    String(seed - Number(first)),
    (bytes / 2 ** 20).toFixed(0),
    String(failures.length),
    (process.resourceUsage().maxRSS / 1024).toFixed(0),
  ];
  const head = ['files', 'MB', 'failures', 'most memory, MB'];
  process.stdout.write(`${renderTable(head, [row])}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
