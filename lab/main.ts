import { writeFile } from 'node:fs/promises';
import { findLabProblem } from './network/possible.ts';
import { networkAround, runInside } from './run/inside.ts';
import { type LabRequest, parseWords } from './run/parse-words.ts';
import { renderTable } from './run/render-table.ts';
import { type Result, runScenario } from './run/run-scenario.ts';
import { SCANNERS } from './scanners/scanners.ts';
import { SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';

/** 0 fine, 2 wrong words, 3 no lab can be made here. */
async function main(words: readonly string[]): Promise<number> {
  const scenarios = Object.keys(SCENARIOS);
  const outcome = parseWords(words, { scenarios, scanners: Object.keys(SCANNERS) });
  if (!outcome.ok) return complain(outcome.problems, 2);
  const network = networkAround();
  if (network !== undefined) return runAll(outcome.request, network);
  const problem = await findLabProblem();
  return problem ? complain([problem], 3) : runInside(import.meta.filename, words);
}

async function runAll(request: LabRequest, network: string): Promise<number> {
  process.on('disconnect', () => process.exit(3));
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const results: Result[] = [];
  for (const scenario of request.scenarios as readonly ScenarioName[])
    for (const path of request.losses) {
      const part = { ...request, scenario, path };
      results.push(...(await runScenario(part, { scanners: SCANNERS, network, tell })));
    }
  process.stdout.write(`${renderTable(results)}\n`);
  if (request.json !== undefined)
    await writeFile(request.json, `${JSON.stringify({ request, results }, null, 2)}\n`);
  // The channel to the process around would keep this one alive.
  process.removeAllListeners('disconnect').disconnect();
  return 0;
}

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`lab: ${problem}\n`);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
