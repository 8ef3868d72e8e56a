import type { ScanView } from '@netdelta/core/api/scans.ts';
import { IconPlayerStop } from '@tabler/icons-react';
import { useCancelScan } from '../../api/scans.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { showDone } from '../../components/toast.ts';

/** Cancels a live scan, after asking. */
export function CancelScan({ scan }: { scan: ScanView }) {
  const cancel = useCancelScan(scan.id);
  const run = async () => {
    await cancel.mutateAsync();
    showDone('The scan is being cancelled.');
  };
  return (
    <ConfirmButton
      label="Cancel scan"
      icon={<IconPlayerStop size={16} />}
      look={{ disabled: scan.status === 'cancelling' }}
      question={`Cancel the scan of ${scan.groupName}?`}
      confirm="Cancel the scan"
      keep="Let it run"
      action={{ isPending: cancel.isPending, error: cancel.error, run }}
    >
      Its engine is stopped at once. What was finished counts; the rest is not covered and changes
      nothing.
    </ConfirmButton>
  );
}
