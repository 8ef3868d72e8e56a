import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { nameChange, passwordChange } from '@netdelta/core/api/people.ts';
import { useChangeName, useChangePassword } from '../../api/own-account.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { showDone } from '../../components/toast.ts';
import { OwnSessions } from './own-sessions.tsx';
import { Passkeys } from './passkeys.tsx';
import { SecondFactor } from './second-factor.tsx';

/** What people decide for themselves; the same in all their sites. */
export function AccountPage() {
  const { user, role, site, signedOn } = useSession();
  return (
    <>
      <PageHeader
        title="Your account"
        facts={
          <>
            <span>{user.email}</span>
            <span>
              {role} of {site.name}
            </span>
          </>
        }
      />
      <Stack gap="md">
        {signedOn ? <SignedOn /> : <OwnAccount />}
        <OwnSessions />
      </Stack>
    </>
  );
}

function OwnAccount() {
  return (
    <>
      <NameForm />
      <PasswordForm />
      <Passkeys />
      <SecondFactor />
    </>
  );
}

/** Whom the identity provider of the site let in. */
function SignedOn() {
  const { site, lacksSecondFactor } = useSession();
  return (
    <Panel title="Single sign-on">
      <p>
        You came in through the identity provider of {site.name}: your name, your role and how you
        prove who you are come from there. Whoever has a password here, too, changes the account
        after logging in by that.
      </p>
      {lacksSecondFactor && (
        <p role="alert">
          This site demands a second factor, and the provider did not say that you gave one. Log
          out, and log in there with one.
        </p>
      )}
    </Panel>
  );
}

function NameForm() {
  const { user } = useSession();
  const change = useChangeName();
  const form = useForm({
    initialValues: { name: user.name },
    validate: schemaResolver(nameChange, { sync: true }),
  });
  const submit = form.onSubmit(({ name }) =>
    change.mutate(name, { onSuccess: () => showDone('Your name has been changed.') }),
  );
  return (
    <Panel title="Name">
      <form onSubmit={submit} noValidate>
        <Group align="flex-start" gap="xs">
          <TextInput
            aria-label="Your name"
            autoComplete="name"
            flex="1 1 220px"
            maw={360}
            {...form.getInputProps('name')}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            Save
          </Button>
        </Group>
        <ErrorPanel error={change.error} title="Your name was not changed" />
      </form>
    </Panel>
  );
}

function PasswordForm() {
  const change = useChangePassword();
  const form = useForm({
    initialValues: { oldPassword: '', password: '' },
    validate: schemaResolver(passwordChange, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        showDone('Your password has been changed; all other sessions have ended.');
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Panel title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label="Password that you have now"
            autoComplete="current-password"
            {...form.getInputProps('oldPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters; four unrelated words are good"
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <ErrorPanel error={change.error} title="Your password was not changed" />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
