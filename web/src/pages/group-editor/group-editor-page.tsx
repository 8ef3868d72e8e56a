import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { groupQuery } from '../../api/groups.ts';
import { systemQuery } from '../../api/overview.ts';
import { profilesQuery } from '../../api/profiles.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { fillGroup, fillPlayground } from './fill-group.ts';
import { GroupForm } from './group-form.tsx';

/** Makes a group, or changes one. */
export function GroupEditorPage() {
  const { groupId } = useParams({ strict: false });
  return groupId ? <ChangeGroup groupId={groupId} /> : <NewGroup />;
}

function NewGroup() {
  const { playground } = useSearch({ strict: false });
  const profiles = useQuery(profilesQuery);
  const system = useQuery({ ...systemQuery, enabled: playground !== undefined });
  return (
    <>
      <PageHeader title="New group" trail={[<GroupsLink key="groups" />]} />
      <Loaded query={profiles}>
        {({ items }) => {
          if (!playground)
            return (
              <Editable do="configure">
                <GroupForm profiles={items} initial={fillGroup(items)} />
              </Editable>
            );
          return (
            <Loaded query={system}>
              {(view) => (
                <Editable do="configure">
                  <GroupForm profiles={items} initial={fillPlayground(items, view)} />
                </Editable>
              )}
            </Loaded>
          );
        }}
      </Loaded>
    </>
  );
}

function ChangeGroup({ groupId }: { groupId: string }) {
  const profiles = useQuery(profilesQuery);
  const group = useQuery({ ...groupQuery(groupId), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={profiles}>
      {({ items }) => (
        <Loaded query={group}>
          {(view) => (
            <>
              <PageHeader
                title="Edit group"
                trail={[
                  <GroupsLink key="groups" />,
                  <Link
                    key="group"
                    to="/groups/$groupId"
                    params={{ groupId }}
                    className="plain-link"
                  >
                    {view.name}
                  </Link>,
                ]}
              />
              <Editable do="configure">
                <GroupForm profiles={items} initial={fillGroup(items, view)} groupId={groupId} />
              </Editable>
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function GroupsLink() {
  return (
    <Link to="/groups" className="plain-link">
      Groups
    </Link>
  );
}
