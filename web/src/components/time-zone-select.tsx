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
      data={listTimeZones(props.value)}
    />
  );
}

/** The chosen zone too: it may have a name that only other browsers list. */
function listTimeZones(chosen: SelectProps['value']): string[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  if (typeof chosen === 'string' && chosen !== '') zones.add(chosen);
  return [...zones];
}
