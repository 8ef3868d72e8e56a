import { TextInput } from '@mantine/core';
import type { ComponentProps } from 'react';
import { ApiFailure } from '../api/client.ts';

/** Whether a login was refused for want of the second factor's code, or a wrong one. */
export function asksCode(error: unknown): boolean {
  return (
    error instanceof ApiFailure && (error.code === 'code-needed' || error.code === 'wrong-code')
  );
}

/** The code of the authenticator app, or a recovery code. */
export function CodeInput(props: ComponentProps<typeof TextInput>) {
  return (
    <TextInput
      label="Code"
      description="Of your authenticator app; or one of your recovery codes"
      autoComplete="one-time-code"
      autoFocus
      {...props}
    />
  );
}
