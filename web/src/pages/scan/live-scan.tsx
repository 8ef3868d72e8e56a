import type { ScanView } from '@netdelta/core/api/scans.ts';
import { Panel } from '../../components/panel.tsx';
import { ScanProgress } from '../../components/scan-progress.tsx';

/** How far a scan is, while it runs. */
export function LiveScan({ scan }: { scan: ScanView }) {
  return (
    <Panel title="Progress">
      <ScanProgress scan={scan} />
      {scan.first && (
        <p className="quiet">
          This is the group's first scan: what it finds is what later scans are compared with.
        </p>
      )}
    </Panel>
  );
}
