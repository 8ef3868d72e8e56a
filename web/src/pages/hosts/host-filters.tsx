import { Button, NativeSelect, TextInput } from '@mantine/core';
import { hostQuery } from '@netdelta/core/api/hosts.ts';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { type FormEvent, useEffect, useState } from 'react';
import type { HostFilter } from '../../api/hosts.ts';
import { FilterBar } from '../../components/filter-bar.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { InstantInput } from '../../components/instant-input.tsx';
import { statusLabel } from '../../format/status.ts';
import type { AsOf } from '../../search.ts';
import classes from './host-filters.module.css';

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
  const [text, setText] = useState(filter.text ?? '');
  const [port, setPort] = useState(filter.port === undefined ? '' : String(filter.port));
  useEffect(() => {
    setText(filter.text ?? '');
    setPort(filter.port === undefined ? '' : String(filter.port));
  }, [filter.text, filter.port]);
  const typed = { text: text.trim() || undefined, port: port.trim() || undefined };
  const reading = hostQuery.shape.port.safeParse(typed.port);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reading.success) onChange({ ...filter, text: typed.text, port: reading.data });
  };
  return (
    <form onSubmit={submit}>
      <FilterBar>
        <TextInput
          label="Search"
          placeholder="Address, name or product"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          label="Open port"
          placeholder="22"
          inputMode="numeric"
          value={port}
          onChange={(event) => setPort(event.currentTarget.value)}
          error={reading.success ? null : 'from 0 to 65535'}
        />
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
        <div className={classes.buttons}>
          <Button type="submit" variant="default">
            Search
          </Button>
          {Object.values(filter).some((value) => value !== undefined) && (
            <Button variant="subtle" onClick={() => onChange({})}>
              Clear
            </Button>
          )}
        </div>
      </FilterBar>
    </form>
  );
}
