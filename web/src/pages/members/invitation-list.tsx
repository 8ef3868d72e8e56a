import { Button, Group } from '@mantine/core';
import { mayGive } from '@netdelta/core/access/roles.ts';
import type { InvitationView } from '@netdelta/core/api/people.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { invitationsQuery, useRenewInvitation, useRevokeInvitation } from '../../api/people.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Moment } from '../../components/moment.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { showDone, showFailure } from '../../components/toast.ts';
import { InvitationLink } from './invitation-link.tsx';

/** Who is invited and has not come yet; nothing where nobody is. */
export function InvitationList() {
  const query = useInfiniteQuery(invitationsQuery);
  const none = query.data?.pages.every(({ items }) => items.length === 0) ?? true;
  if (none && !query.error) return null;
  return (
    <Panel title="Invited" flush>
      <Paged query={query} empty={null}>
        {(invitations) => (
          <DataTable
            label="Invitations"
            columns={COLUMNS}
            rows={invitations}
            rowKey={({ id }) => id}
          />
        )}
      </Paged>
    </Panel>
  );
}

const COLUMNS: readonly Column<InvitationView>[] = [
  { title: 'E-mail address', long: true, render: ({ email }) => email },
  { title: 'Role', tight: true, render: ({ role }) => role },
  {
    title: 'Invited by',
    long: true,
    render: ({ invitedBy }) => invitedBy ?? 'somebody who is gone',
  },
  { title: 'State', long: true, render: (invitation) => <State invitation={invitation} /> },
  { title: 'Ends', tight: true, render: ({ expiresAt }) => <Moment at={expiresAt} absolute /> },
  { title: 'Change', render: (invitation) => <Actions invitation={invitation} /> },
];

function State({ invitation: { delivery, mail } }: { invitation: InvitationView }) {
  if (delivery === 'link') return 'a link was handed over';
  if (mail.error) return `not sent yet: ${mail.error}`;
  return mail.sentAt ? 'the mail was sent' : 'the mail is on its way';
}

function Actions({ invitation }: { invitation: InvitationView }) {
  const { id, email, role, delivery } = invitation;
  const { role: own } = useSession();
  const renew = useRenewInvitation(id);
  const revoke = useRevokeInvitation(id);
  if (!mayGive(own, role)) return null;
  const onError = (error: Error) => showFailure('The invitation was not changed', error);
  const sendAgain = () =>
    renew.mutate('mail', { onSuccess: () => showDone('A new mail is on its way.'), onError });
  const end = () =>
    revoke.mutate(undefined, {
      onSuccess: () => showDone(`The invitation of ${email} has ended.`),
      onError,
    });
  return (
    <>
      <Group gap={6}>
        {delivery === 'mail' && (
          <Button size="compact-xs" variant="default" loading={renew.isPending} onClick={sendAgain}>
            Send again
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="default"
          loading={renew.isPending}
          onClick={() => renew.mutate('link', { onError })}
        >
          New link
        </Button>
        <Button size="compact-xs" variant="default" loading={revoke.isPending} onClick={end}>
          Revoke
        </Button>
      </Group>
      {renew.data && <InvitationLink made={renew.data} />}
    </>
  );
}
