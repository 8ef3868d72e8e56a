import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { loginRequest } from '@netdelta/core/api/accounts.ts';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useLogin } from '../../api/session.ts';
import { asksCode, CodeInput } from '../../components/code-input.tsx';
import { DoorFrame } from '../../components/door-frame.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';

const route = getRouteApi('/login');

/** Asks who is there, and leads back to where they wanted to go. */
export function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const login = useLogin();
  const form = useForm({
    initialValues: { email: '', password: '', code: undefined as string | undefined },
    validate: schemaResolver(loginRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    login.mutate(values, { onSuccess: () => router.navigate({ to: next ?? '/', replace: true }) }),
  );
  return (
    <DoorFrame title="Log in" lead={<SiteName />}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            autoFocus
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
          <Link to="/forgotten-password" className="plain-link">
            Forgotten your password?
          </Link>
        </Stack>
      </form>
    </DoorFrame>
  );
}

function SiteName() {
  const slug = new URL(document.baseURI).pathname.replaceAll('/', '');
  return (
    <>
      to the site <strong className="mono">{slug}</strong>
    </>
  );
}
