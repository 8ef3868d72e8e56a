import { Alert, Loader } from '@mantine/core';
import type { GroupView } from '@netdelta/core/api/groups.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { formatNumber } from '../../format/count.ts';

/** A group that is on its way to be gone, and how far that is. */
export function DeletingGroup({ group }: { group: GroupView }) {
  return (
    <>
      <PageHeader title={group.name} />
      <Alert color="gray" icon={<Loader size={18} />} title="This group is being deleted">
        {formatNumber(group.rowsDeleted)} rows of it are gone so far: hosts, scans, deltas and what
        belongs to them. It goes in small steps, so that scans of other groups come first. Nothing
        scans it any more.
      </Alert>
    </>
  );
}
