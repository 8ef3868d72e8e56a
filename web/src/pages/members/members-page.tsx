import { Stack } from '@mantine/core';
import { ButtonLink } from '../../components/button-link.tsx';
import { May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { InvitationList } from './invitation-list.tsx';
import { Invite } from './invite.tsx';
import { MemberList } from './member-list.tsx';
import { MemberRule } from './member-rule.tsx';
import { RoleList } from './role-list.tsx';

/** Who may enter the site, who is invited, and what each role allows. */
export function MembersPage() {
  return (
    <>
      <PageHeader
        title="Members"
        facts="Who may enter this site, and what they may do."
        actions={
          <May do="members">
            <ButtonLink to="/sign-on">Single sign-on</ButtonLink>
          </May>
        }
      />
      <Stack gap="md">
        <May do="members">
          <Invite />
          <InvitationList />
        </May>
        <MemberList />
        <MemberRule />
        <RoleList />
      </Stack>
    </>
  );
}
