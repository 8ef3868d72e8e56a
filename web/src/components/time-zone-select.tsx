import { Select, type SelectProps } from '@mantine/core';

/** Chooses one of the time zones that this browser knows, by typing a part of its name. */
export function TimeZoneSelect(props: Omit<SelectProps, 'data'>) {
  return (
    <Select
      label="Time zone"
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such time zone"
      limit={80}
      {...props}
      data={listTimeZones()}
    />
  );
}

function listTimeZones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
}
