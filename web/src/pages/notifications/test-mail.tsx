import { Alert, Button, Group, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { testMailRequest } from '@netdelta/core/api/notifications.ts';
import { useTestMail } from '../../api/notifications.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';

/** Sends a test mail at once, and tells what the mail server said. */
export function TestMail() {
  const { user } = useSession();
  const send = useTestMail();
  const form = useForm({
    initialValues: { recipient: user.email },
    validate: schemaResolver(testMailRequest, { sync: true }),
  });
  return (
    <Panel title="Test mail">
      <form onSubmit={form.onSubmit((values) => send.mutate(values))} noValidate>
        <Group align="flex-start" gap="xs">
          <TextInput
            aria-label="Recipient of the test mail"
            type="email"
            flex="1 1 220px"
            maw={360}
            {...form.getInputProps('recipient')}
          />
          <Button type="submit" variant="default" loading={send.isPending}>
            Send a test mail
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {send.data && (
          <Alert
            mt="sm"
            color={send.data.delivered ? 'teal' : 'red'}
            title={send.data.delivered ? 'The mail server took it' : 'It was not sent'}
          >
            {send.data.message}
          </Alert>
        )}
        <ErrorPanel error={send.error} title="It was not sent" />
      </div>
    </Panel>
  );
}
