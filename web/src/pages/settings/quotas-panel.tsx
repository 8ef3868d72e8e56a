import type { QuotaView } from '@netdelta/core/api/site.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatNumber } from '../../format/count.ts';

/** What the platform grants the site, and what is used of it. */
export function QuotasPanel({ view: { quotas, used } }: { view: QuotaView }) {
  const { runningScanLimit } = quotas;
  return (
    <Panel title="Quotas" note="set by the administrators of the platform">
      <Facts
        facts={[
          { label: 'Addresses and names', value: ofMost(used.targets, quotas.targetLimit) },
          { label: 'Groups', value: ofMost(used.groups, quotas.groupLimit) },
          {
            label: 'Scans at once',
            value:
              runningScanLimit === null
                ? `${formatNumber(used.runningScans)} now, as many as there are groups`
                : `${ofMost(used.runningScans, runningScanLimit)}; further ones wait`,
          },
          { label: 'Imports by API at once', value: `at most ${quotas.importLimit}` },
        ]}
      />
    </Panel>
  );
}

function ofMost(used: number, most: number): string {
  return `${formatNumber(used)} of ${formatNumber(most)}`;
}
