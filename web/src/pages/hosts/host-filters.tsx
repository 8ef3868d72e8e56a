import { NativeSelect } from '@mantine/core';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { searchTextProblem } from '@netdelta/core/target/search-text.ts';
import type { HostFilter } from '../../api/hosts.ts';
import { GroupFilter } from '../../components/group-filter.tsx';
import { InstantInput } from '../../components/instant-input.tsx';
import { SearchForm } from '../../components/search-form.tsx';
import { statusLabel } from '../../format/status.ts';
import type { AsOf } from '../../search.ts';

const STATUSES = [
  { value: '', label: 'Any status' },
  ...HOST_STATUSES.map(({ name }) => ({ value: name, label: statusLabel(name) })),
];

interface HostFiltersProps {
  readonly filter: HostFilter & AsOf;
  readonly onChange: (filter: HostFilter & AsOf) => void;
}

/** Chooses hosts. Lists apply at once; what is typed applies on Enter. */
export function HostFilters({ filter, onChange }: HostFiltersProps) {
  return (
    <SearchForm
      filter={filter}
      onChange={onChange}
      placeholder="Address, CIDR, name or product"
      portLabel="Open port"
      textProblem={searchTextProblem}
    >
      <NativeSelect
        label="Status"
        data={STATUSES}
        value={filter.status ?? ''}
        onChange={(event) =>
          onChange({ ...filter, status: event.currentTarget.value || undefined })
        }
      />
      <GroupFilter
        value={filter.groupId}
        onChange={(groupId) => onChange({ ...filter, groupId })}
      />
      <InstantInput
        label="As of"
        value={filter.at}
        onChange={(at) => onChange({ ...filter, at })}
      />
    </SearchForm>
  );
}
