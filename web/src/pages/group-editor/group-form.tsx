import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type GroupRequest, groupRequest, type ProfileView } from '@netdelta/core/api/groups.ts';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useSaveGroup } from '../../api/groups.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors, itemErrors } from '../../components/form-errors.ts';
import { ListInput } from '../../components/list-input.tsx';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { ScanFields } from './scan-fields.tsx';
import { SilenceFields } from './silence-fields.tsx';
import { TargetFields } from './target-fields.tsx';

interface GroupFormProps {
  readonly profiles: readonly ProfileView[];
  readonly initial: GroupRequest;
  /** The group to change; none for a new one. */
  readonly groupId?: string;
}

/** All that can be said of a group. */
export function GroupForm({ profiles, initial, groupId }: GroupFormProps) {
  const save = useSaveGroup(groupId);
  const navigate = useNavigate();
  const { history } = useRouter();
  const form = useForm<GroupRequest>({
    initialValues: initial,
    validate: schemaResolver(groupRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: ({ id, name }) => {
        showDone(`The group ${name} has been saved.`);
        void navigate({ to: '/groups/$groupId', params: { groupId: id } });
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Panel title="Group">
          <Stack gap="sm">
            <TextInput label="Name" required maw={460} {...form.getInputProps('name')} />
            <Textarea
              label="Description"
              autosize
              minRows={1}
              maxRows={6}
              {...form.getInputProps('description')}
            />
            <TextInput
              label="Owner"
              description="Who is responsible for these addresses"
              maw={460}
              {...form.getInputProps('owner')}
            />
          </Stack>
        </Panel>
        <TargetFields form={form} />
        <ScanFields form={form} profiles={profiles} />
        <SilenceFields form={form} />
        <Panel title="Mail">
          <ListInput
            label="Recipients"
            description="They get one mail after each scan that found a change. Several are set apart by commas."
            placeholder="name@example.org"
            inputMode="email"
            {...form.getInputProps('recipients')}
            value={form.values.recipients}
            error={itemErrors(form.errors, 'recipients', form.values.recipients)}
          />
        </Panel>
        <ErrorPanel error={save.error} title="The group was not saved" />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => history.back()}>
            Discard
          </Button>
          <Button type="submit" loading={save.isPending}>
            {groupId ? 'Save changes' : 'Create group'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
