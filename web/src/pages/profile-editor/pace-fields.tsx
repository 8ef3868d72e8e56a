import { NativeSelect, NumberInput, type NumberInputProps, SimpleGrid } from '@mantine/core';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import { Panel } from '../../components/panel.tsx';
import type { ProfileFormApi } from './profile-form-api.ts';

const TIMINGS = [
  { value: '0', label: '0: paranoid (minutes between probes)' },
  { value: '1', label: '1: sneaky' },
  { value: '2', label: '2: polite (for weak networks)' },
  { value: '3', label: '3: normal' },
  { value: '4', label: '4: aggressive (for good networks)' },
  { value: '5', label: '5: insane (misses answers that take time)' },
];

/** How fast, how often, how long. */
export function PaceFields({ form }: { form: ProfileFormApi }) {
  return (
    <Panel title="Pace and limits" note="Empty: as the timing says">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        <NativeSelect
          label="Timing"
          description="How patient the scan is"
          data={TIMINGS}
          value={String(form.values.options.timing)}
          onChange={({ currentTarget: { value } }) =>
            form.setFieldValue('options.timing', Number(value))
          }
          error={form.errors['options.timing']}
        />
        <Limit form={form} field="maxRetries" label="Retries of one probe" unit="0 to 20" min={0} />
        <Limit
          form={form}
          field="probeTimeoutMs"
          label="Wait for one answer"
          unit="milliseconds, at most"
        />
        <Limit form={form} field="minRate" label="Lowest rate" unit="packets per second" />
        <Limit form={form} field="maxRate" label="Highest rate" unit="packets per second" />
        <Limit
          form={form}
          field="hostTimeoutSeconds"
          label="Time for one host"
          unit="seconds; then it is not covered"
        />
        <NumberInput
          label="Time for 256 addresses"
          description="minutes, at most"
          min={1}
          max={2_880}
          allowDecimal={false}
          {...form.getInputProps('options.shardTimeoutMinutes')}
        />
      </SimpleGrid>
    </Panel>
  );
}

interface LimitProps extends Pick<NumberInputProps, 'label' | 'min'> {
  readonly form: ProfileFormApi;
  readonly field: Extract<
    keyof ScanOptions,
    'maxRetries' | 'probeTimeoutMs' | 'minRate' | 'maxRate' | 'hostTimeoutSeconds'
  >;
  readonly unit: string;
}

/** A limit that may be left empty: then the field is not there at all. */
function Limit({ form, field, unit, ...input }: LimitProps) {
  return (
    <NumberInput
      description={unit}
      min={1}
      allowDecimal={false}
      {...input}
      value={form.values.options[field] ?? ''}
      onChange={(value) =>
        form.setFieldValue(`options.${field}`, typeof value === 'number' ? value : undefined)
      }
      error={form.errors[`options.${field}`]}
    />
  );
}
