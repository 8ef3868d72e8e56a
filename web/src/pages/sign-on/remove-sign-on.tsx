import { Group } from '@mantine/core';
import { useRemoveSignOn } from '../../api/sign-on.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { showDone } from '../../components/toast.ts';

/** Takes the provider away, with its secret. */
export function RemoveSignOn() {
  const remove = useRemoveSignOn();
  const run = async () => {
    await remove.mutateAsync();
    showDone('The single sign-on has been removed.');
  };
  return (
    <Group justify="flex-end">
      <ConfirmButton
        label="Remove the single sign-on…"
        question="Remove the single sign-on?"
        confirm="Remove it"
        action={{ isPending: remove.isPending, error: remove.error, run }}
      >
        All who came in through it are logged out at once. Those who have no password of their own
        cannot come in any more; they stay in the list of members until they are removed. The client
        secret is deleted.
      </ConfirmButton>
    </Group>
  );
}
