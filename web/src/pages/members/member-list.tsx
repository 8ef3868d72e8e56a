import { NativeSelect } from '@mantine/core';
import { mayGive, ROLES, type Role } from '@netdelta/core/access/roles.ts';
import type { MemberView } from '@netdelta/core/api/people.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { membersQuery, useChangeRole, useRemoveMember } from '../../api/people.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { useMay } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { showDone, showFailure } from '../../components/toast.ts';

/** Everybody in the site; who may, changes their roles here. */
export function MemberList() {
  const query = useInfiniteQuery(membersQuery);
  const may = useMay('members');
  const columns = may ? [...COLUMNS, REMOVAL] : COLUMNS;
  return (
    <Panel title="Members" flush>
      <Paged query={query} empty={null}>
        {(members) => (
          <DataTable label="Members" columns={columns} rows={members} rowKey={({ id }) => id} />
        )}
      </Paged>
    </Panel>
  );
}

const COLUMNS: readonly Column<MemberView>[] = [
  { title: 'Name', long: true, render: (member) => <Name member={member} /> },
  { title: 'E-mail address', long: true, render: ({ email }) => email },
  { title: 'Role', tight: true, render: (member) => <RoleOf member={member} /> },
  { title: 'Since', tight: true, render: ({ since }) => <Moment at={since} /> },
];

const REMOVAL: Column<MemberView> = {
  title: 'Remove',
  tight: true,
  render: (member) => <Remove member={member} />,
};

function Name({ member: { id, name } }: { member: MemberView }) {
  const { user } = useSession();
  return (
    <span>
      {name} {id === user.id && <span className="quiet">(you)</span>}
    </span>
  );
}

function RoleOf({ member }: { member: MemberView }) {
  const { role: own } = useSession();
  const change = useChangeRole(member.id);
  if (!mayGive(own, member.role)) return member.role;
  const choose = (role: Role) =>
    change.mutate(role, {
      onSuccess: () => showDone(`${member.name} has the role ${role} now.`),
      onError: (error) => showFailure('The role was not changed', error),
    });
  return (
    <NativeSelect
      size="xs"
      miw={130}
      aria-label={`Role of ${member.name}`}
      data={ROLES.filter((role) => mayGive(own, role))}
      value={change.isPending ? change.variables : member.role}
      disabled={change.isPending}
      onChange={(event) => choose(event.currentTarget.value as Role)}
    />
  );
}

function Remove({ member }: { member: MemberView }) {
  const { role: own, site } = useSession();
  const remove = useRemoveMember(member.id);
  if (!mayGive(own, member.role)) return null;
  const run = async () => {
    await remove.mutateAsync();
    showDone(`${member.name} is no member any more.`);
  };
  return (
    <ConfirmButton
      label="Remove"
      look={{ size: 'compact-xs' }}
      question={`Remove ${member.name} from ${site.name}?`}
      confirm="Remove"
      keep="Keep"
      action={{ isPending: remove.isPending, error: remove.error, run }}
    >
      They can enter no page of this site any more, at once; invitations that they sent end, too.
      API keys stay: revoke those that they know.
    </ConfirmButton>
  );
}
