import { createConnectEngine } from './connect/run.ts';
import type { Engine } from './engine.ts';
import { createNmapProgram, type NmapProgramParts } from './nmap/program.ts';
import { createNmapEngine } from './nmap/run.ts';

/** All engines of this machine; those that use nmap share one look at it. */
export function createEngines(parts: NmapProgramParts = {}): readonly Engine[] {
  const nmap = createNmapProgram(parts);
  return [createNmapEngine(nmap), createConnectEngine(nmap)];
}
