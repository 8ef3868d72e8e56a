import { type ScanOptions, scanOptions } from './options.ts';

/** A profile that every site has from its start. It can be copied, not changed. */
export interface BuiltInProfile {
  readonly name: string;
  readonly description: string;
  readonly options: ScanOptions;
}

export const BUILT_IN_PROFILES: readonly BuiltInProfile[] = [
  {
    name: 'Quick',
    description: 'The 100 most common TCP ports, without version detection.',
    options: scanOptions.parse({ tcp: { kind: 'top', count: 100 } }),
  },
  {
    name: 'Standard',
    description: 'The 1,000 most common TCP ports, with the product and version of each service.',
    options: scanOptions.parse({ serviceDetection: true }),
  },
  {
    name: 'All ports',
    description: 'All 65,535 TCP ports, with the product and version of each service. Slow.',
    options: scanOptions.parse({ tcp: { kind: 'all' }, serviceDetection: true }),
  },
  {
    name: 'UDP top',
    description: 'The 100 most common UDP ports. Needs nmap and its privileges; slow.',
    options: scanOptions.parse({
      engine: 'nmap',
      tcp: { kind: 'none' },
      udp: { kind: 'top', count: 100 },
    }),
  },
  {
    name: 'Discovery only',
    description: 'Which hosts are up, without asking any port.',
    options: scanOptions.parse({ tcp: { kind: 'none' } }),
  },
];
