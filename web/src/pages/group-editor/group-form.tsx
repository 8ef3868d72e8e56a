import { Button, Group, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type GroupRequest, groupRequest, type ProfileView } from '@netdelta/core/api/groups.ts';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useSaveGroup } from '../../api/groups.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { ScanFields } from './scan-fields.tsx';
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
        <Panel title="Mail">
          <TagsInput
            label="Recipients"
            description="One mail after each scan that found a change. Press Enter after each address."
            placeholder={form.values.recipients.length === 0 ? 'name@example.org' : ''}
            splitChars={[',', ' ', ';']}
            maxTags={50}
            {...form.getInputProps('recipients')}
            error={recipientErrors(form.errors)}
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

/** The problems of single recipients lie under `recipients.0` and so on. */
function recipientErrors(errors: Record<string, React.ReactNode>): string | undefined {
  const texts = Object.entries(errors).filter(([path]) => path.startsWith('recipients'));
  return texts.map(([path, text]) => `${ordinal(path)}${String(text)}`).join('; ') || undefined;
}

function ordinal(path: string): string {
  const [, index] = path.split('.');
  return index === undefined ? '' : `No. ${Number(index) + 1} `;
}
