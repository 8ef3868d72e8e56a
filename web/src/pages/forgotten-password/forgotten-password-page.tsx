import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { resetRequest } from '@netdelta/core/api/people.ts';
import { Link } from '@tanstack/react-router';
import { useAskReset } from '../../api/own-account.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';

/** Sends the link that replaces a forgotten password. */
export function ForgottenPasswordPage() {
  const ask = useAskReset();
  const form = useForm({
    initialValues: { email: '' },
    validate: schemaResolver(resetRequest, { sync: true }),
  });
  return (
    <DoorFrame title="Forgotten password" lead="A link to choose a new one comes by mail.">
      <form onSubmit={form.onSubmit(({ email }) => ask.mutate(email))} noValidate>
        <Stack gap="sm">
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps('email')}
          />
          <ErrorPanel error={ask.error} title="No link was sent" />
          {ask.isSuccess && (
            <Alert color="teal" role="status" title="Look into your mails">
              If {ask.variables} is the address of a member of this site, a link is on its way. It
              is valid for an hour.
            </Alert>
          )}
          <Button type="submit" loading={ask.isPending} mt="xs">
            Send the link
          </Button>
          <Link to="/login" className="plain-link">
            Back to the login
          </Link>
        </Stack>
      </form>
    </DoorFrame>
  );
}
