import { Button, Group, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { schemaResolver, type UseFormReturnType, useForm } from '@mantine/form';
import type { GroupView } from '@netdelta/core/api/groups.ts';
import {
  DEFAULT_REPLAY_SCANS,
  MOST_REPLAY_SCANS,
  type ReplayRequest,
  replayRequest,
} from '@netdelta/core/api/replay.ts';
import { Panel } from '../../components/panel.tsx';
import { RULE_CHOICES, readRule } from '../../format/replay.ts';

interface ReplayFormProps {
  readonly group: GroupView;
  readonly onRun: (request: ReplayRequest) => void;
}

/** The rules to try, at first the group's own, and over how many scans. */
export function ReplayForm({ group, onRun }: ReplayFormProps) {
  const { downAfter, serviceDownAfter } = group;
  const form = useForm<ReplayRequest>({
    initialValues: { policy: { downAfter, serviceDownAfter }, scans: DEFAULT_REPLAY_SCANS },
    validate: schemaResolver(replayRequest, { sync: true }),
  });
  return (
    <form onSubmit={form.onSubmit(onRun)} noValidate>
      <Panel title="Rule to try">
        <Stack gap="sm">
          <Group gap="md" align="flex-start">
            <RuleField form={form} rule="downAfter" label="A silent host is down" />
            <RuleField form={form} rule="serviceDownAfter" label="A silent service is gone" />
            <NumberInput
              label="Scans"
              description="The last ones"
              min={1}
              max={MOST_REPLAY_SCANS}
              allowDecimal={false}
              clampBehavior="none"
              maw={140}
              {...form.getInputProps('scans')}
            />
          </Group>
          <Group justify="flex-end">
            <Button type="submit">Run</Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}

interface RuleFieldProps {
  readonly form: UseFormReturnType<ReplayRequest>;
  readonly rule: 'downAfter' | 'serviceDownAfter';
  readonly label: string;
}

function RuleField({ form, rule, label }: RuleFieldProps) {
  return (
    <NativeSelect
      label={label}
      description="At first as the group has it"
      data={RULE_CHOICES}
      value={String(form.values.policy[rule])}
      onChange={({ currentTarget: { value } }) =>
        form.setFieldValue(`policy.${rule}`, readRule(value))
      }
    />
  );
}
