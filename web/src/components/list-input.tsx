import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';

interface ListInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: readonly string[];
  readonly onChange: (items: string[]) => void;
}

/** Several words in one line, set apart by commas or spaces, so that a whole list can be pasted. */
export function ListInput({ value, onChange, ...input }: ListInputProps) {
  const [text, setText] = useState(value.join(', '));
  return (
    <TextInput
      {...input}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(currentTarget.value.split(/[\s,;]+/).filter((item) => item !== ''));
      }}
    />
  );
}
