import { startAlertWorkers } from './alerts/jobs.ts';
import { notificationRoutes } from './alerts/routes.ts';
import type { Parts } from './app.ts';
import { createMailSender, type MailSender } from './channels/mail/mail-sender.ts';
import type { SiteRoutes } from './http/site-routes.ts';

/** What the features need besides the parts that every process has. */
export interface FeatureParts extends Parts {
  readonly mail: MailSender;
  /** Where people reach the pages. */
  readonly baseUrl: URL;
}

export function createFeatureParts(parts: Parts, baseUrl: URL): FeatureParts {
  const { smtpUrl, mailFrom } = parts.config;
  const mail = createMailSender({ smtpUrl: smtpUrl ?? undefined, from: mailFrom });
  return { ...parts, mail, baseUrl };
}

/** The routes of every feature below a site: one line a feature. */
export function createSiteRoutes(parts: FeatureParts): readonly SiteRoutes[] {
  return [notificationRoutes(forAlerts(parts))];
}

/** Starts taking the jobs of every feature: one line a feature. */
export async function startWorkers(parts: FeatureParts): Promise<void> {
  await startAlertWorkers(forAlerts(parts));
}

function forAlerts({ baseUrl, ...parts }: FeatureParts) {
  return { ...parts, config: { baseUrl } };
}
