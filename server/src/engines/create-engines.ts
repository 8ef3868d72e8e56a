import { createConnectEngine } from './connect/run.ts';
import type { Engine } from './engine.ts';
import { createNmapProgram, type NmapProgramParts } from './nmap/program.ts';
import { createNmapEngine } from './nmap/run.ts';
import { createProber } from './prober/create-prober.ts';
import type { Prober } from './prober/prober.ts';

/** All that can ask the network from this machine; what uses nmap shares one look at it. */
export function createEngines(parts: NmapProgramParts = {}): {
  readonly engines: readonly Engine[];
  readonly prober: Prober;
} {
  const nmap = createNmapProgram(parts);
  return {
    engines: [createNmapEngine(nmap), createConnectEngine(nmap)],
    prober: createProber(nmap),
  };
}
