/** What people, keys and commands do to a site and what is written down of it, each with its words. */
export const AUDIT_ACTIONS = {
  'group.created': 'made the group',
  'group.edited': 'edited the group',
  'group.deleted': 'deleted the group',
  'schedule.created': 'made the schedule',
  'schedule.edited': 'edited the schedule',
  'schedule.deleted': 'deleted the schedule',
  'profile.created': 'made the profile',
  'profile.edited': 'edited the profile',
  'profile.deleted': 'deleted the profile',
  'scan.started': 'started a scan of',
  'scan.cancelled': 'cancelled a scan of',
  'host.rulesEdited': 'edited the rules of the host',
  'settings.edited': 'edited the settings of',
  'retention.started': 'started retention in',
  'facts.exported': 'exported the facts of',
  'facts.restored': 'restored an export into',
  'mail.tested': 'sent a test mail to',
  'notification.retried': 'sent again the mail to',
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
