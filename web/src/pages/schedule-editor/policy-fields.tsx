import { Radio, Stack, Switch } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Panel } from '../../components/panel.tsx';
import type { ScheduleDraft } from './schedule-draft.ts';

/** What happens when a run cannot be made at its time. */
export function PolicyFields({ form }: { form: UseFormReturnType<ScheduleDraft> }) {
  return (
    <Panel title="When something is in the way">
      <Stack gap="md">
        <Radio.Group
          label="A run was missed because NetDelta was not running"
          {...form.getInputProps('missed')}
        >
          <Stack gap={6} mt={6}>
            <Radio value="run" label="Make it up once, as soon as NetDelta runs again" />
            <Radio value="skip" label="Skip it, and wait for the next run" />
          </Stack>
        </Radio.Group>
        <Radio.Group
          label="The group is still being scanned when a run is due"
          {...form.getInputProps('overlap')}
        >
          <Stack gap={6} mt={6}>
            <Radio value="skip" label="Skip this run" />
            <Radio value="wait" label="Start it when the running scan has ended" />
          </Stack>
        </Radio.Group>
        <Switch
          label="Switched on"
          description="A schedule that is switched off keeps its settings and does not run."
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      </Stack>
    </Panel>
  );
}
