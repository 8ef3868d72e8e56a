import { Space } from '@mantine/core';
import type { InvitationMade } from '@netdelta/core/api/people.ts';
import { SecretOnce } from '../../components/secret-once.tsx';

/** The link of an invitation that no mail carries. */
export function InvitationLink({ made }: { made: InvitationMade }) {
  const { link, invitation } = made;
  if (link === null) return null;
  return (
    <>
      <Space h="sm" />
      <SecretOnce
        title={`Hand this link to ${invitation.email}`}
        label="Invitation link"
        secret={link}
      >
        It is shown this once, works once, and for seven days. Whoever has it comes in as{' '}
        {invitation.role}: use a way that others do not read.
      </SecretOnce>
    </>
  );
}
