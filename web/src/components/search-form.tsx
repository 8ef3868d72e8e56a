import { Button, TextInput } from '@mantine/core';
import { hostQuery } from '@netdelta/core/api/hosts.ts';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { FilterBar } from './filter-bar.tsx';
import classes from './search-form.module.css';

interface SearchFilter {
  readonly text?: string | undefined;
  readonly port?: number | undefined;
}

interface SearchFormProps<Filter extends SearchFilter> {
  readonly filter: Filter;
  readonly onChange: (filter: Filter | Record<string, never>) => void;
  /** What can be looked for. */
  readonly placeholder: string;
  readonly portLabel: string;
  /** Why a text cannot be looked for; null: it can. */
  readonly textProblem?: (text: string) => string | null;
  /** Further filters, which apply at once. */
  readonly children: ReactNode;
}

/** A text and a port that a list is narrowed to: what is typed applies on Enter. */
export function SearchForm<Filter extends SearchFilter>({
  filter,
  onChange,
  placeholder,
  portLabel,
  textProblem = () => null,
  children,
}: SearchFormProps<Filter>) {
  const [text, setText] = useState(filter.text ?? '');
  const [port, setPort] = useState(filter.port === undefined ? '' : String(filter.port));
  useEffect(() => {
    setText(filter.text ?? '');
    setPort(filter.port === undefined ? '' : String(filter.port));
  }, [filter.text, filter.port]);
  const reading = hostQuery.shape.port.safeParse(port.trim() || undefined);
  const problem = textProblem(text.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reading.success && !problem)
      onChange({ ...filter, text: text.trim() || undefined, port: reading.data });
  };
  return (
    <form onSubmit={submit}>
      <FilterBar>
        <TextInput
          label="Search"
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem}
        />
        <TextInput
          label={portLabel}
          placeholder="22"
          inputMode="numeric"
          value={port}
          onChange={(event) => setPort(event.currentTarget.value)}
          error={reading.success ? null : 'from 0 to 65535'}
        />
        {children}
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
