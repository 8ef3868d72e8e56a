import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type ProfileRequest, profileRequest } from '@netdelta/core/api/groups.ts';
import { useNavigate } from '@tanstack/react-router';
import { useSaveProfile } from '../../api/profiles.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { DetectionFields } from './detection-fields.tsx';
import { DiscoveryFields } from './discovery-fields.tsx';
import { PaceFields } from './pace-fields.tsx';
import { PortFields } from './port-fields.tsx';

interface ProfileFormProps {
  readonly initial: ProfileRequest;
  /** The profile to change; none for a new one. */
  readonly profileId?: string;
}

/** All that a profile can say, each option a field of its own. */
export function ProfileForm({ initial, profileId }: ProfileFormProps) {
  const save = useSaveProfile(profileId);
  const navigate = useNavigate();
  const form = useForm<ProfileRequest>({
    initialValues: initial,
    validate: schemaResolver(profileRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: ({ name }) => {
        showDone(`The profile ${name} has been saved.`);
        void navigate({ to: '/profiles' });
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Panel title="Profile">
          <Stack gap="sm">
            <TextInput label="Name" required maw={460} {...form.getInputProps('name')} />
            <Textarea label="Description" autosize {...form.getInputProps('description')} />
          </Stack>
        </Panel>
        <PortFields form={form} />
        <DiscoveryFields form={form} />
        <DetectionFields form={form} />
        <PaceFields form={form} />
        <ErrorPanel error={save.error} title="The profile was not saved" />
        <Group justify="flex-end">
          <ButtonLink to="/profiles">Discard</ButtonLink>
          <Button type="submit" loading={save.isPending}>
            {profileId ? 'Save changes' : 'Create profile'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
