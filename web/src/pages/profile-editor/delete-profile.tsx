import type { ProfileView } from '@netdelta/core/api/groups.ts';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDeleteProfile } from '../../api/profiles.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { showDone } from '../../components/toast.ts';
import { formatCount } from '../../format/count.ts';

/** Deletes a profile of the site, after asking. */
export function DeleteProfile({ profile }: { profile: ProfileView }) {
  const remove = useDeleteProfile(profile.id);
  const navigate = useNavigate();
  const run = async () => {
    await remove.mutateAsync();
    showDone(`The profile ${profile.name} has been deleted.`);
    await navigate({ to: '/profiles' });
  };
  return (
    <ConfirmButton
      label="Delete"
      icon={<IconTrash size={16} />}
      question={`Delete the profile ${profile.name}?`}
      confirm="Delete the profile"
      action={{ isPending: remove.isPending, error: remove.error, run }}
    >
      {profile.groupCount > 0
        ? `It is used by ${formatCount(profile.groupCount, 'group')}: choose another profile there first.`
        : 'No group uses it. Scans that were made with it keep their options.'}
    </ConfirmButton>
  );
}
