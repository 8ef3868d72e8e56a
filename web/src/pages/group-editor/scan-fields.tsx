import { NativeSelect, NumberInput, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { GroupRequest, ProfileView } from '@netdelta/core/api/groups.ts';
import { Panel } from '../../components/panel.tsx';

interface ScanFieldsProps {
  readonly form: UseFormReturnType<GroupRequest>;
  readonly profiles: readonly ProfileView[];
}

/** How a group is scanned, and when a silent host counts as down. */
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
        <NumberInput
          label="Down after silent scans"
          description={describeDownAfter(form.values.downAfter)}
          min={1}
          max={10}
          allowDecimal={false}
          clampBehavior="strict"
          styles={{ wrapper: { maxWidth: 120 } }}
          {...form.getInputProps('downAfter')}
        />
      </Stack>
    </Panel>
  );
}

function describeDownAfter(scans: number): string {
  if (scans === 1)
    return 'A host or service that does not answer in one scan is reported at once. Lost packets then look like changes.';
  return `A host or service must stay silent in ${scans} scans in a row before it is reported as gone. Until then it is “missed”, and what is known of it is held. An answer that says no counts at once.`;
}
