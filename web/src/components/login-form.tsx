import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type LoginRequest, loginRequest } from '@netdelta/core/api/accounts.ts';
import { IconFingerprint } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asksCode, CodeInput } from './code-input.tsx';
import { ErrorPanel } from './error-panel.tsx';

/** A way to log in, as TanStack Query's mutations are. */
interface Way<Given> {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
  readonly mutateAsync: (given: Given) => Promise<unknown>;
}

interface LoginFormProps {
  readonly login: Way<LoginRequest>;
  readonly passkey: Way<void>;
  /** What is done once somebody is logged in. */
  readonly onDone?: () => void;
  readonly autoFocus?: boolean;
  /** Below the buttons. */
  readonly children?: ReactNode;
}

/** Asks for e-mail and password, and for the code of those who have a second factor; or for a passkey. */
export function LoginForm(props: LoginFormProps) {
  const { login, passkey, onDone, autoFocus = false, children } = props;
  const form = useForm({
    initialValues: { email: '', password: '', code: undefined as string | undefined },
    validate: schemaResolver(loginRequest, { sync: true }),
  });
  // Why it was refused is shown from `error`, of the way that was tried last.
  const submit = form.onSubmit((values) => {
    passkey.reset();
    return login.mutateAsync(values).then(onDone, () => undefined);
  });
  const enterByPasskey = () => {
    login.reset();
    void passkey.mutateAsync().then(onDone, () => undefined);
  };
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
        <ErrorPanel error={login.error ?? passkey.error} title="You are not logged in" />
        <Button type="submit" loading={login.isPending} mt="xs">
          Log in
        </Button>
        <Divider label="or" />
        <Button
          variant="default"
          leftSection={<IconFingerprint size={16} />}
          loading={passkey.isPending}
          onClick={enterByPasskey}
        >
          Log in by passkey
        </Button>
        {children}
      </Stack>
    </form>
  );
}
