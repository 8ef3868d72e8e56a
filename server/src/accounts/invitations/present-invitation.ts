import type { InvitationView } from '@netdelta/core/api/people.ts';
import type { InvitationRow } from './queries.ts';

export function presentInvitation(row: InvitationRow): InvitationView {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    invitedBy: row.inviter,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    delivery: row.delivery,
    mail: { sentAt: row.sent_at?.toISOString() ?? null, error: row.last_error },
  };
}
