import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { fromLocalInput, toLocalInput } from '../format/zoned-time.ts';
import { useTimeZone } from './session-context.tsx';

interface InstantInputProps {
  readonly label: string;
  /** ISO 8601; undefined: none is chosen. */
  readonly value: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

/** A date and time in the site's time zone. What is typed applies on Enter, or when the field is left. */
export function InstantInput({ label, value, onChange }: InstantInputProps) {
  const zone = useTimeZone();
  const shown = value === undefined ? '' : toLocalInput(value, zone);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const apply = () => {
    if (typed !== shown) onChange(fromLocalInput(typed, zone) ?? undefined);
  };
  return (
    <TextInput
      type="datetime-local"
      label={`${label} (${zone})`}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        apply();
      }}
    />
  );
}
