import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useStartScan } from '../api/scans.ts';
import { May } from './may.tsx';
import { showDone, showFailure } from './toast.ts';

/** Starts a scan of a group and leads to its page. */
export function ScanNow({ groupId, groupName }: { groupId: string; groupName: string }) {
  const start = useStartScan(groupId);
  const navigate = useNavigate();
  const run = () =>
    start.mutate(undefined, {
      onSuccess: (scan) => {
        showDone(`The scan of ${groupName} has been started.`);
        void navigate({ to: '/scans/$scanId', params: { scanId: scan.id } });
      },
      onError: (error) => showFailure('The scan was not started', error),
    });
  return (
    <May do="scan">
      <Button leftSection={<IconPlayerPlay size={16} />} loading={start.isPending} onClick={run}>
        Scan now
      </Button>
    </May>
  );
}
