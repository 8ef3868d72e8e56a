import type { GroupView } from '@netdelta/core/api/groups.ts';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDeleteGroup } from '../../api/groups.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { showDone } from '../../components/toast.ts';

/** Deletes a group with its history, after asking. */
export function DeleteGroup({ group }: { group: GroupView }) {
  const remove = useDeleteGroup(group.id);
  const navigate = useNavigate();
  const run = async () => {
    await remove.mutateAsync();
    showDone(`The group ${group.name} is deleted; a large one takes a while.`);
    await navigate({ to: '/groups' });
  };
  return (
    <ConfirmButton
      label="Delete"
      icon={<IconTrash size={16} />}
      question={`Delete the group ${group.name}?`}
      confirm="Delete the group"
      action={{ isPending: remove.isPending, error: remove.error, run }}
    >
      Its hosts, scans, deltas and schedules are deleted with it. This cannot be undone.
    </ConfirmButton>
  );
}
