import type { ScheduleView } from '@netdelta/core/api/groups.ts';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDeleteSchedule } from '../../api/schedules.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { showDone } from '../../components/toast.ts';

/** Deletes a schedule, after asking. */
export function DeleteSchedule({ schedule }: { schedule: ScheduleView }) {
  const remove = useDeleteSchedule(schedule.id);
  const navigate = useNavigate();
  const run = async () => {
    await remove.mutateAsync();
    showDone('The schedule has been deleted.');
    await navigate({ to: '/groups/$groupId', params: { groupId: schedule.groupId } });
  };
  return (
    <ConfirmButton
      label="Delete"
      icon={<IconTrash size={16} />}
      question="Delete this schedule?"
      confirm="Delete the schedule"
      action={{ isPending: remove.isPending, error: remove.error, run }}
    >
      {schedule.groupName} is then no longer scanned at these times. To pause it, switch it off
      instead.
    </ConfirmButton>
  );
}
