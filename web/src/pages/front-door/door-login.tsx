import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { loginRequest } from '@netdelta/core/api/accounts.ts';
import { useDoorLogin } from '../../api/front-door.ts';
import { asksCode, CodeInput } from '../../components/code-input.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';

/** Logs in where there are several sites, which are not named to strangers. */
export function DoorLogin() {
  const login = useDoorLogin();
  const form = useForm({
    initialValues: { email: '', password: '', code: undefined as string | undefined },
    validate: schemaResolver(loginRequest, { sync: true }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => login.mutate(values))} noValidate>
      <Stack gap="sm" mt="xs">
        <p className="quiet">
          This server holds several sites. Log in to see yours, or open its address, such as{' '}
          <span className="mono wrap">{document.baseURI}your-site/</span>.
        </p>
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
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
      </Stack>
    </form>
  );
}
