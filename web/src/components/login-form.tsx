import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type LoginRequest, loginRequest } from '@netdelta/core/api/accounts.ts';
import type { ReactNode } from 'react';
import { asksCode, CodeInput } from './code-input.tsx';
import { ErrorPanel } from './error-panel.tsx';

interface LoginFormProps {
  readonly login: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly mutateAsync: (body: LoginRequest) => Promise<unknown>;
  };
  /** What is done once somebody is logged in. */
  readonly onDone?: () => void;
  readonly autoFocus?: boolean;
  /** Below the button: other ways. */
  readonly children?: ReactNode;
}

/** Asks for e-mail and password, and for the code of those who have a second factor. */
export function LoginForm({ login, onDone, autoFocus = false, children }: LoginFormProps) {
  const form = useForm({
    initialValues: { email: '', password: '', code: undefined as string | undefined },
    validate: schemaResolver(loginRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    // Why it was refused is shown from `login.error`.
    login.mutateAsync(values).then(onDone, () => undefined),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          autoFocus={autoFocus}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        {asksCode(login.error) && <CodeInput {...form.getInputProps('code')} />}
        <ErrorPanel error={login.error} title="You are not logged in" />
        <Button type="submit" loading={login.isPending} mt="xs">
          Log in
        </Button>
        {children}
      </Stack>
    </form>
  );
}
