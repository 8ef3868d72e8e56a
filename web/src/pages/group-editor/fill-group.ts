import type { GroupRequest, GroupView, ProfileView } from '@netdelta/core/api/groups.ts';
import type { SystemView } from '@netdelta/core/api/hosts.ts';

/** What the editor begins with: the group as it is, or an empty one with the profile Standard. */
export function fillGroup(profiles: readonly ProfileView[], group?: GroupView): GroupRequest {
  return {
    name: group?.name ?? '',
    description: group?.description ?? '',
    owner: group?.owner ?? '',
    targets: group?.targets ?? '',
    exclusions: group?.exclusions ?? '',
    profileId: group?.profileId ?? standardProfile(profiles),
    downAfter: group?.downAfter ?? 'evidence',
    serviceDownAfter: group?.serviceDownAfter ?? 'evidence',
    identity: group?.identity ?? 'address',
    beacons: group?.beacons ?? '',
    recipients: group?.recipients ?? [],
  };
}

/** The playground as a group. */
export function fillPlayground(
  profiles: readonly ProfileView[],
  { playground }: SystemView,
): GroupRequest {
  return {
    ...fillGroup(profiles),
    name: 'Playground',
    description: 'Practice hosts on this machine, with something that changes now and then.',
    targets: playground.targets,
  };
}

function standardProfile(profiles: readonly ProfileView[]): string {
  const standard = profiles.find(({ name, builtIn }) => builtIn && name === 'Standard');
  return (standard ?? profiles[0])?.id ?? '';
}
