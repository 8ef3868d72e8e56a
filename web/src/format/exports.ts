import type { CsvList, ExportFormat } from '@netdelta/core/api/export.ts';

/** A file that people may take along, in words. */
export interface ExportChoice {
  readonly format: ExportFormat;
  readonly what?: CsvList;
  readonly details?: 'true';
  readonly title: string;
  /** What it is good for. */
  readonly use: string;
}

export const EXPORT_CHOICES: readonly ExportChoice[] = [
  {
    format: 'ndjson',
    title: 'Everything (NDJSON)',
    use: 'to restore it elsewhere, or to process it',
  },
  {
    format: 'ndjson',
    details: 'true',
    title: 'Everything, with what each scan saw (NDJSON)',
    use: 'much larger; past scans can be judged anew',
  },
  {
    format: 'xml',
    title: 'What is believed now (nmap XML)',
    use: 'for ndiff and other tools of nmap',
  },
  { format: 'csv', what: 'hosts', title: 'Hosts (CSV)', use: 'for a spreadsheet' },
  { format: 'csv', what: 'services', title: 'Open services (CSV)', use: 'for a spreadsheet' },
  { format: 'csv', what: 'deltas', title: 'Deltas (CSV)', use: 'all that was ever told' },
  { format: 'csv', what: 'scans', title: 'Scans (CSV)', use: 'when, how, and what they found' },
];
