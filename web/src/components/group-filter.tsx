import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { groupChoicesQuery } from '../api/groups.ts';

interface GroupFilterProps {
  readonly value: string | undefined;
  readonly onChange: (groupId: string | undefined) => void;
}

/** Narrows a list to one group. */
export function GroupFilter({ value, onChange }: GroupFilterProps) {
  const { data } = useQuery(groupChoicesQuery);
  const groups = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <NativeSelect
      label="Group"
      data={[{ value: '', label: 'All groups' }, ...groups]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
