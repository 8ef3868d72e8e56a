import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { type Comparison, comparisonQuery } from '../../api/past.ts';
import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { useNow } from '../../components/session-context.tsx';
import { ComparedHosts } from './compared-hosts.tsx';
import { ComparedTargets } from './compared-targets.tsx';
import { ComparisonForm } from './comparison-form.tsx';
import { ComparisonSum } from './comparison-sum.tsx';
import { daysBefore } from './presets.ts';

const route = getRouteApi('/site/compare');

/** What changed between two instants, or scans: any ones, from what is stored. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const opened = useNow();
  // Until somebody chooses: since yesterday. It stays while the page is open.
  const [yesterday] = useState(() => daysBefore(1, opened));
  const comparison: Comparison = {
    ...search,
    from: search.from ?? yesterday,
    to: search.to ?? 'now',
  };
  const query = useInfiniteQuery(comparisonQuery(comparison));
  const [first] = query.data?.pages ?? [];
  return (
    <>
      <PageHeader
        title="Compare"
        facts="What changed between two instants, in all. What came and went in between is not told."
      />
      <ComparisonForm
        comparison={comparison}
        onChange={(changed) => void navigate({ search: changed, replace: true })}
      />
      {first && <ComparisonSum page={first} />}
      <Panel flush>
        {first?.targets && <ComparedTargets targets={first.targets} />}
        <Paged
          query={query}
          empty={
            <Empty title="No host changed">
              What is believed of hosts is the same at both instants.
            </Empty>
          }
        >
          {(hosts) => <ComparedHosts hosts={hosts} withGroup={comparison.groupId === undefined} />}
        </Paged>
      </Panel>
    </>
  );
}
