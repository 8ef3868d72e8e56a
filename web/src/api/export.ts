import type { CsvList, ExportFormat } from '@netdelta/core/api/export.ts';
import { queryString } from './client.ts';

/** The filters of a list, as its page has them. */
export type ExportFilter = Readonly<Record<string, string | number | undefined>>;

interface Asked {
  readonly format: ExportFormat;
  readonly what?: CsvList;
  readonly details?: 'true';
}

/** Where a file is fetched from: everything, or what a list shows (exportQuery of core/api). */
export const exportAddress = (asked: Asked, filter: ExportFilter = {}): string =>
  `api/v1/export${queryString({ ...filter, ...asked })}`;
