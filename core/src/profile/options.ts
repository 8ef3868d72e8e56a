import { z } from 'zod';
import { parsePortSet } from '../snapshot/port-set.ts';
import { scriptName } from './scripts.ts';

const portList = z
  .string()
  .max(20_000)
  .superRefine((text, context) => {
    const { ports, problems } = parsePortSet(text);
    for (const message of problems) context.addIssue({ code: 'custom', message });
    if (problems.length === 0 && ports.length === 0)
      context.addIssue({
        code: 'custom',
        message: 'give at least one port, such as 22,80,8000-8100',
      });
  });

/** Which ports of one protocol a scan asks. `top` is the engine's own list of the most common ones. */
export const portChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('top'), count: z.int().min(1).max(65_535) }),
  z.object({ kind: z.literal('list'), ports: portList }),
  z.object({ kind: z.literal('all') }),
]);
export type PortChoice = z.infer<typeof portChoice>;

const optionalPortList = z.union([z.literal(''), portList]).default('');

/** How a scan finds out which hosts are up before it asks their ports. */
export const discoveryChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('standard') }).describe("the engine's own choice"),
  z.object({ kind: z.literal('skip') }).describe('ask every address (nmap -Pn)'),
  z
    .object({
      kind: z.literal('probes'),
      icmpEcho: z.boolean().default(false),
      icmpTimestamp: z.boolean().default(false),
      tcpSynPorts: optionalPortList,
      tcpAckPorts: optionalPortList,
      udpPorts: optionalPortList,
    })
    .refine(
      (probes) =>
        probes.icmpEcho ||
        probes.icmpTimestamp ||
        probes.tcpSynPorts ||
        probes.tcpAckPorts ||
        probes.udpPorts,
      'choose at least one discovery probe',
    ),
]);

/** All that a profile may say. Every field is typed, so that nothing a person types becomes an argument by itself. */
export const scanOptions = z.object({
  engine: z.enum(['auto', 'nmap', 'connect']).default('auto'),
  tcp: portChoice.default({ kind: 'top', count: 1000 }),
  udp: portChoice.default({ kind: 'none' }),
  tcpTechnique: z.enum(['auto', 'syn', 'connect']).default('auto'),
  discovery: discoveryChoice.default({ kind: 'standard' }),
  serviceDetection: z.boolean().default(false),
  versionIntensity: z.int().min(0).max(9).default(7),
  osDetection: z.boolean().default(false),
  scripts: z.array(scriptName).max(20).default([]),
  reverseDns: z.boolean().default(true),
  timing: z.int().min(0).max(5).default(4),
  maxRetries: z.int().min(0).max(20).optional().describe('retransmissions of one probe'),
  minRate: z.int().min(1).max(100_000).optional().describe('packets/s'),
  maxRate: z.int().min(1).max(100_000).optional().describe('packets/s'),
  hostTimeoutSeconds: z.int().min(1).max(86_400).optional(),
  probeTimeoutMs: z.int().min(50).max(60_000).optional().describe('longest wait for one answer'),
  shardTimeoutMinutes: z
    .int()
    .min(1)
    .max(2_880)
    .default(240)
    .describe('longest time for 256 addresses'),
});

export type ScanOptions = z.infer<typeof scanOptions>;
export type ScanOptionsInput = z.input<typeof scanOptions>;
