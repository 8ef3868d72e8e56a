import { useInfiniteQuery } from '@tanstack/react-query';
import { deltasQuery, scansQuery } from '../../api/scans.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { DeltaList } from '../../components/delta-list.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScanTable } from '../../components/scan-table.tsx';

/** The last ten deltas of a group. */
export function GroupDeltas({ groupId }: { groupId: string }) {
  const query = useInfiniteQuery(deltasQuery({ groupId }, 10));
  const all = (
    <ButtonLink to="/deltas" search={{ groupId }} size="compact-sm" variant="subtle">
      All deltas
    </ButtonLink>
  );
  return (
    <Panel title="Recent deltas" actions={all} flush>
      <Loaded query={query}>
        {({ pages: [page] }) =>
          page && page.items.length > 0 ? (
            <DeltaList deltas={page.items} about="group" />
          ) : (
            <Empty title="Nothing has changed">
              The first scan is what later ones are compared with; deltas come with the second.
            </Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** The last five scans of a group. */
export function GroupScans({ groupId }: { groupId: string }) {
  const query = useInfiniteQuery(scansQuery({ groupId }, 5));
  const all = (
    <ButtonLink to="/scans" search={{ groupId }} size="compact-sm" variant="subtle">
      All scans
    </ButtonLink>
  );
  return (
    <Panel title="Last scans" actions={all} flush>
      <Loaded query={query}>
        {({ pages: [page] }) =>
          page && page.items.length > 0 ? (
            <ScanTable label="Last scans" scans={page.items} withGroup={false} />
          ) : (
            <Empty title="Not scanned yet">Choose “Scan now” above, or add a schedule.</Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}
