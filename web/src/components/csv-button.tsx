import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ExportFilter, exportAddress } from '../api/export.ts';

/** Fetches exactly what a list shows, however long it is. */
export function CsvButton({ what, filter }: { what: 'hosts' | 'deltas'; filter: ExportFilter }) {
  return (
    <Button
      component="a"
      href={exportAddress({ format: 'csv', what }, filter)}
      download
      variant="default"
      leftSection={<IconDownload size={16} />}
      title="Everything that the filters below let through, as a file for a spreadsheet"
    >
      CSV
    </Button>
  );
}
