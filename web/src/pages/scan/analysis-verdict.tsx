import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount } from '../../format/count.ts';

/** Says what came out of a scan when there is no delta to show. */
export function AnalysisVerdict({ detail: { scan, missedCount, blind } }: { detail: ScanDetail }) {
  // What a blind scanner means is said above.
  if (scan.deltaCount > 0 || blind) return null;
  const { title, words } = judge(scan);
  return (
    <Panel>
      <Empty title={title}>
        {words}
        {missedCount > 0 &&
          ` ${formatCount(missedCount, 'host')} did not answer, but that is not yet enough to count as down.`}
      </Empty>
    </Panel>
  );
}

function judge(scan: ScanDetail['scan']): { title: string; words: string } {
  if (scan.status === 'failed')
    return { title: 'This scan failed', words: 'It changes nothing. Its problems are below.' };
  if (scan.status === 'cancelled')
    return {
      title: 'This scan was cancelled',
      words: 'What had been finished was compared and showed no change.',
    };
  if (scan.first)
    return {
      title: 'First scan: this is what later ones are compared with',
      words: describeFound(scan),
    };
  return { title: 'Nothing changed', words: describeFound(scan) };
}

function describeFound({ progress }: ScanDetail['scan']): string {
  const asked = formatCount(progress.addressesDone, 'address was', 'addresses were');
  const up = formatCount(progress.hostsUp, 'host is', 'hosts are');
  return `${asked} asked; ${up} up, with ${formatCount(progress.servicesOpen, 'open service')}.`;
}
