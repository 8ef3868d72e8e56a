import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { mayGive, ROLE_TABLE, ROLES } from '@netdelta/core/access/roles.ts';
import { type InvitationRequest, invitationRequest } from '@netdelta/core/api/people.ts';
import { useQuery } from '@tanstack/react-query';
import { systemQuery } from '../../api/overview.ts';
import { useInvite } from '../../api/people.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { showDone } from '../../components/toast.ts';
import { InvitationLink } from './invitation-link.tsx';

/** Invites somebody: by mail, or by a link where there is no mail server. */
export function Invite() {
  const system = useQuery(systemQuery);
  return (
    <Panel title="Invite somebody">
      <Loaded query={system}>{({ mail }) => <InviteForm byMail={mail.configured} />}</Loaded>
    </Panel>
  );
}

function InviteForm({ byMail }: { byMail: boolean }) {
  const { role: own } = useSession();
  const invite = useInvite();
  const form = useForm<InvitationRequest>({
    initialValues: { email: '', role: 'viewer', delivery: byMail ? 'mail' : 'link' },
    validate: schemaResolver(invitationRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    invite.mutate(values, {
      onSuccess: ({ invitation, link }) => {
        form.setFieldValue('email', '');
        if (link === null) showDone(`The invitation to ${invitation.email} is on its way.`);
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const roles = ROLES.filter((role) => mayGive(own, role));
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="xs">
        <TextInput
          label="E-mail address"
          type="email"
          flex="1 1 220px"
          maw={340}
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label="Role"
          data={roles.map((role) => ({
            value: role,
            label: `${role}: ${ROLE_TABLE[role].meaning}`,
          }))}
          flex="1 1 220px"
          maw={360}
          {...form.getInputProps('role')}
        />
        <NativeSelect
          label="Invitation"
          data={[
            { value: 'mail', label: 'by mail', disabled: !byMail },
            { value: 'link', label: 'as a link that I hand over' },
          ]}
          {...form.getInputProps('delivery')}
        />
        <Button type="submit" loading={invite.isPending}>
          Invite
        </Button>
      </Group>
      <ErrorPanel error={invite.error} title="Nobody was invited" />
      {invite.data && <InvitationLink made={invite.data} />}
    </form>
  );
}
