import { Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { GroupRequest } from '@netdelta/core/api/groups.ts';
import { Panel } from '../../components/panel.tsx';
import { SilenceRuleSelect } from '../../components/silence-rule-select.tsx';
import { BeaconsField } from './beacons-field.tsx';

const RULES = [
  ['host', 'downAfter'],
  ['service', 'serviceDownAfter'],
] as const;

/** When silence makes a host or service gone, and how a blind scanner is told from silent hosts. */
export function SilenceFields({ form }: { form: UseFormReturnType<GroupRequest> }) {
  return (
    <Panel title="When silence counts" note="An answer that says no counts at once">
      <Stack gap="md">
        {RULES.map(([what, field]) => (
          <SilenceRuleSelect
            key={field}
            what={what}
            value={form.values[field]}
            onChange={(rule) => form.setFieldValue(field, rule ?? 'evidence')}
            error={form.errors[field]}
          />
        ))}
        <BeaconsField form={form} />
      </Stack>
    </Panel>
  );
}
