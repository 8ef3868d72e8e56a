import {
  Group,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Panel } from '../../components/panel.tsx';
import { useTimeZone } from '../../components/session-context.tsx';
import { TimeZoneSelect } from '../../components/time-zone-select.tsx';
import { CRON_PRESETS } from '../../format/schedule.ts';
import type { ScheduleDraft } from './schedule-draft.ts';

type Form = UseFormReturnType<ScheduleDraft>;

const KINDS = [
  { value: 'cron', label: 'By the clock' },
  { value: 'interval', label: 'Every so often' },
  { value: 'once', label: 'Once' },
];

const UNITS = [
  { value: 'minute', label: 'minutes' },
  { value: 'hour', label: 'hours' },
  { value: 'day', label: 'days' },
];

const OWN = 'own';

/** When it runs, in one of three ways. */
export function TimingFields({ form }: { form: Form }) {
  const { kind } = form.values;
  return (
    <Panel title="When">
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Kind of schedule"
          data={KINDS}
          fullWidth
          maw={460}
          {...form.getInputProps('kind')}
        />
        {kind === 'cron' && <CronFields form={form} />}
        {kind === 'interval' && <IntervalFields form={form} />}
        {kind === 'once' && <OnceField form={form} />}
      </Stack>
    </Panel>
  );
}

function CronFields({ form }: { form: Form }) {
  const { cron } = form.values;
  const preset = CRON_PRESETS.find((known) => known.cron === cron);
  return (
    <>
      <NativeSelect
        label="Often wanted"
        maw={460}
        value={preset?.cron ?? OWN}
        data={[
          ...CRON_PRESETS.map(({ cron: value, label }) => ({ value, label })),
          { value: OWN, label: 'My own expression' },
        ]}
        onChange={({ currentTarget: { value } }) =>
          form.setFieldValue('cron', value === OWN ? '' : value)
        }
      />
      <TextInput
        label="Cron expression"
        description="Minute, hour, day of the month, month, day of the week"
        placeholder="30 1 * * 2,4"
        maw={460}
        classNames={{ input: 'mono' }}
        {...form.getInputProps('cron')}
      />
      <TimeZoneSelect maw={460} {...form.getInputProps('timeZone')} />
    </>
  );
}

function IntervalFields({ form }: { form: Form }) {
  const zone = useTimeZone();
  return (
    <>
      <Group align="flex-end" gap="xs">
        <NumberInput
          label="Every"
          min={1}
          allowDecimal={false}
          w={110}
          {...form.getInputProps('amount')}
        />
        <NativeSelect
          aria-label="Unit of the interval"
          data={UNITS}
          {...form.getInputProps('unit')}
        />
      </Group>
      <TextInput
        label={`Counted from (${zone})`}
        type="datetime-local"
        maw={460}
        {...form.getInputProps('startsAt')}
      />
    </>
  );
}

function OnceField({ form }: { form: Form }) {
  const zone = useTimeZone();
  return (
    <TextInput
      label={`On (${zone})`}
      type="datetime-local"
      maw={460}
      {...form.getInputProps('at')}
    />
  );
}
