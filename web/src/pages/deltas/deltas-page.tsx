import { NativeSelect } from '@mantine/core';
import { DELTA_KIND_NAMES, DELTA_KINDS, type DeltaKind } from '@netdelta/core/delta/kinds.ts';
import { RATING_MEANINGS } from '@netdelta/core/evidence/describe-rating.ts';
import { RATINGS, type Rating } from '@netdelta/core/evidence/rating.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { deltasQuery } from '../../api/scans.ts';
import { CsvButton } from '../../components/csv-button.tsx';
import { DeltaList } from '../../components/delta-list.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { statusLabel } from '../../format/status.ts';

const route = getRouteApi('/site/deltas');

const RATING_CHOICES = [
  { value: '', label: 'Any rating' },
  ...RATINGS.map((value) => ({
    value,
    label: `${statusLabel(value)}: ${RATING_MEANINGS[value]}`,
  })),
];

/** All deltas, the newest first. */
export function DeltasPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(deltasQuery(filter));
  const change = (news: typeof filter) =>
    void navigate({ search: { ...filter, ...news }, replace: true });
  return (
    <>
      <PageHeader
        title="Deltas"
        facts="Every change that scans have found, the newest first."
        actions={<CsvButton what="deltas" filter={filter} />}
      />
      <FilterBar>
        <GroupFilter value={filter.groupId} onChange={(groupId) => change({ groupId })} />
        <NativeSelect
          label="Change"
          data={KIND_CHOICES}
          value={filter.kind ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ kind: value === '' ? undefined : (value as DeltaKind) })
          }
        />
        <NativeSelect
          label="Rating"
          data={RATING_CHOICES}
          value={filter.rating ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ rating: value === '' ? undefined : (value as Rating) })
          }
        />
      </FilterBar>
      <Panel flush>
        <Paged query={query} empty={<Empty title="No such delta" />}>
          {(deltas) => <DeltaList deltas={deltas} />}
        </Paged>
      </Panel>
    </>
  );
}

/** Kinds that lie under one heading are told apart. */
const DISTINCTIONS: Partial<Record<DeltaKind, string>> = {
  'host.down': 'one host',
  'host.returned': 'one host',
  'subnet.down': 'a subnet',
  'subnet.returned': 'a subnet',
  'service.closed': 'closed',
  'service.filtered': 'no answer',
  'host.flapping': 'hosts',
  'service.flapping': 'services',
};

function labelOf(kind: DeltaKind): string {
  const distinction = DISTINCTIONS[kind];
  return distinction ? `${DELTA_KINDS[kind].heading} (${distinction})` : DELTA_KINDS[kind].heading;
}

const KIND_CHOICES = [
  { value: '', label: 'Any change' },
  ...DELTA_KIND_NAMES.map((value) => ({ value, label: labelOf(value) })),
];
