import { Stack } from '@mantine/core';
import type { GroupView } from '@netdelta/core/api/groups.ts';
import type { ReplayRequest } from '@netdelta/core/api/replay.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { groupQuery } from '../../api/groups.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ReplayForm } from './replay-form.tsx';
import { ReplayResult } from './replay-result.tsx';

const route = getRouteApi('/site/groups/$groupId/replay');

/** Tries another rule on the stored scans of a group. */
export function ReplayPage() {
  const { groupId } = route.useParams();
  const query = useQuery(groupQuery(groupId));
  return <Loaded query={query}>{(group) => <Replay key={group.id} group={group} />}</Loaded>;
}

function Replay({ group }: { group: GroupView }) {
  const [request, setRequest] = useState<ReplayRequest>();
  return (
    <>
      <PageHeader
        title="Try another rule"
        trail={[
          <Link key="groups" to="/groups" className="plain-link">
            Groups
          </Link>,
          <GroupLink key="group" id={group.id} name={group.name} />,
        ]}
        facts="What would it have told of past scans? Nothing is changed, and no packet is sent."
        actions={
          <ButtonLink to="/groups/$groupId/edit" params={{ groupId: group.id }}>
            Use this rule
          </ButtonLink>
        }
      />
      <Stack gap="md">
        <Editable do="configure">
          <ReplayForm group={group} onRun={setRequest} />
        </Editable>
        {request && (
          <ReplayResult key={JSON.stringify(request)} groupId={group.id} request={request} />
        )}
      </Stack>
    </>
  );
}
