import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useSaveSchedule } from '../../api/schedules.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useTimeZone } from '../../components/session-context.tsx';
import { showDone } from '../../components/toast.ts';
import { NextRunsPreview } from './next-runs-preview.tsx';
import { PolicyFields } from './policy-fields.tsx';
import { type ScheduleDraft, timingOf } from './schedule-draft.ts';
import classes from './schedule-form.module.css';
import { TimingFields } from './timing-fields.tsx';

interface ScheduleFormProps {
  readonly groupId: string;
  readonly initial: ScheduleDraft;
  /** The schedule to change; none for a new one. */
  readonly scheduleId?: string;
}

/** When a group is scanned by itself, with its next runs shown while it is typed. */
export function ScheduleForm({ groupId, initial, scheduleId }: ScheduleFormProps) {
  const zone = useTimeZone();
  const save = useSaveSchedule(scheduleId);
  const navigate = useNavigate();
  const form = useForm<ScheduleDraft>({ initialValues: initial });
  const timing = timingOf(form.values, zone);
  const [previewed] = useDebouncedValue(timing, 400);
  const submit = form.onSubmit(({ missed, overlap, enabled }) => {
    if (!timing) return;
    save.mutate(
      { groupId, timing, missed, overlap, enabled },
      {
        onSuccess: () => {
          showDone('The schedule has been saved.');
          void navigate({ to: '/groups/$groupId', params: { groupId } });
        },
      },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <TimingFields form={form} />
          <PolicyFields form={form} />
        </Stack>
        <NextRunsPreview timing={previewed} />
      </div>
      <Stack gap="md" mt="md">
        <ErrorPanel error={save.error} title="The schedule was not saved" />
        <Group justify="flex-end">
          <ButtonLink to="/groups/$groupId" params={{ groupId }}>
            Discard
          </ButtonLink>
          <Button type="submit" loading={save.isPending} disabled={!timing}>
            {scheduleId ? 'Save changes' : 'Create schedule'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
