import { NativeSelect, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { GroupRequest, ProfileView } from '@netdelta/core/api/groups.ts';
import { Panel } from '../../components/panel.tsx';
import { IdentityField } from './identity-field.tsx';

interface ScanFieldsProps {
  readonly form: UseFormReturnType<GroupRequest>;
  readonly profiles: readonly ProfileView[];
}

/** How a group is scanned. */
export function ScanFields({ form, profiles }: ScanFieldsProps) {
  const chosen = profiles.find(({ id }) => id === form.values.profileId);
  return (
    <Panel title="Scanning">
      <Stack gap="sm">
        <NativeSelect
          label="Profile"
          description={chosen?.description || 'Which ports are asked, and how'}
          data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
          maw={460}
          {...form.getInputProps('profileId')}
        />
        <IdentityField form={form} />
      </Stack>
    </Panel>
  );
}
