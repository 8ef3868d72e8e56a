import { Button, Group, NumberInput, Stack, Textarea } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type SiteSettings, siteSettings } from '@netdelta/core/api/settings.ts';
import { DEFAULT_DANGER_PORTS } from '@netdelta/core/evidence/danger-ports.ts';
import { DEFAULT_HISTORY_WINDOW } from '@netdelta/core/evidence/rating.ts';
import { useSaveSettings } from '../../api/settings.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { RatingRule } from './rating-rule.tsx';

const STANDARD: SiteSettings = {
  historyWindow: DEFAULT_HISTORY_WINDOW,
  dangerPorts: DEFAULT_DANGER_PORTS,
};

/** How deltas are rated, with what that makes of the known points as it is typed. */
export function SettingsForm({ initial }: { initial: SiteSettings }) {
  const save = useSaveSettings();
  const form = useForm<SiteSettings>({
    initialValues: initial,
    validate: schemaResolver(siteSettings, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: (saved) => {
        form.setValues(saved);
        showDone('The settings have been saved.');
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Panel title="Rating">
          <Stack gap="sm">
            <NumberInput
              label="History window"
              description="How many scans of a group are looked at, from 0 to 100. Below 3 the history is off: then every delta counts as never seen."
              min={0}
              max={100}
              maw={460}
              allowDecimal={false}
              clampBehavior="none"
              {...form.getInputProps('historyWindow')}
            />
            <Textarea
              label="Danger ports"
              description="TCP and UDP, as in 22,80,8000-8100. What opens or changes here is rated one step more urgent. Empty: none."
              autosize
              classNames={{ input: 'mono' }}
              {...form.getInputProps('dangerPorts')}
            />
            <ErrorPanel error={save.error} title="The settings were not saved" />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => form.setValues(STANDARD)}>
                Fill in the standard
              </Button>
              <Button type="submit" loading={save.isPending}>
                Save settings
              </Button>
            </Group>
          </Stack>
        </Panel>
        <RatingRule window={form.values.historyWindow} />
      </Stack>
    </form>
  );
}
