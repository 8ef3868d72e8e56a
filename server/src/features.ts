import { startAccountWorkers } from './accounts/accounts.ts';
import { startAlertWorkers } from './alerts/jobs.ts';
import { notificationRoutes } from './alerts/routes.ts';
import type { Parts } from './app.ts';
import { sourceOfProgram } from './audit/record-audit.ts';
import { auditRoutes } from './audit/routes.ts';
import { createMailSender, type MailSender } from './channels/mail/mail-sender.ts';
import { closeScan } from './deltas/close-scan.ts';
import { judge } from './deltas/judge.ts';
import { pastRoutes } from './deltas/past/routes.ts';
import { replayRoutes } from './deltas/replay-routes.ts';
import { deltaRoutes } from './deltas/routes.ts';
import { settingsRoutes } from './deltas/settings-routes.ts';
import { createEngines } from './engines/create-engines.ts';
import type { Engine } from './engines/engine.ts';
import type { Prober } from './engines/prober/prober.ts';
import { exportRoutes } from './exports/routes.ts';
import type { DoorRoutes } from './http/door-routes.ts';
import type { SiteRoutes } from './http/site-routes.ts';
import { importRoutes } from './imports/routes.ts';
import { createOutbound, type FetchOutside } from './outbound/fetch-outside.ts';
import { startRemovalWorkers } from './removal/jobs.ts';
import { platformRemovalRoutes } from './removal/platform-routes.ts';
import { removalRoutes } from './removal/routes.ts';
import { createRetentionScheduler, startRetentionWorkers } from './retention/jobs.ts';
import { storageRoutes } from './retention/routes.ts';
import { recordRefusedScan } from './scans/record-refused-scan.ts';
import { resolveBySystem } from './scans/resolve-names.ts';
import { scanRoutes } from './scans/routes.ts';
import { requestScan } from './scans/scan-lifecycle.ts';
import { startScanWorkers } from './scans/workers.ts';
import { logoRoutes } from './sites/logo-routes.ts';
import { platformQuotaRoutes } from './sites/platform-quota-routes.ts';
import { platformScopeRoutes } from './sites/platform-scope-routes.ts';
import { quotaRoutes } from './sites/quota-routes.ts';
import { scopeRoutes } from './sites/scope-routes.ts';
import { siteFactsRoutes } from './sites/site-facts-routes.ts';
import { systemRoutes } from './system-routes.ts';
import { groupRoutes } from './targets/group-routes.ts';
import { profileRoutes } from './targets/profile-routes.ts';
import { scheduleRoutes } from './targets/schedule-routes.ts';
import { createScheduler, NOT_NOW } from './targets/scheduler.ts';

/** What the features need besides the parts that every process has. */
export interface FeatureParts extends Parts {
  readonly mail: MailSender;
  readonly engines: readonly Engine[];
  readonly prober: Prober;
  readonly version: string;
  /** Where people reach the pages. */
  readonly baseUrl: URL;
  /** For whatever a site's configuration makes NetDelta ask. */
  readonly fetchOutside: FetchOutside;
}

export function createFeatureParts(
  parts: Parts,
  { baseUrl, version }: { baseUrl: URL; version: string },
): FeatureParts {
  const { smtpUrl, mailFrom } = parts.config;
  const mail = createMailSender({ smtpUrl: smtpUrl ?? undefined, from: mailFrom });
  const outbound = createOutbound(parts.config.allowPrivateOutbound);
  parts.closing.add('connections to the outside', outbound.close);
  const { fetchOutside } = outbound;
  return { ...parts, mail, ...createEngines(), baseUrl, version, fetchOutside };
}

/** The routes of every feature below a site: one line a feature. */
export function createSiteRoutes(parts: FeatureParts): readonly SiteRoutes[] {
  const { dataDir } = parts.config;
  return [
    groupRoutes(parts),
    profileRoutes(parts),
    scheduleRoutes(parts),
    scanRoutes({ ...parts, closeScan }),
    deltaRoutes(parts),
    pastRoutes(parts),
    replayRoutes(parts),
    settingsRoutes(parts),
    siteFactsRoutes(parts),
    logoRoutes(parts),
    quotaRoutes(parts),
    scopeRoutes(parts),
    removalRoutes(parts),
    storageRoutes(parts),
    exportRoutes(parts),
    importRoutes(parts),
    notificationRoutes(forAlerts(parts)),
    auditRoutes(parts),
    systemRoutes({ ...parts, dataDir }),
  ];
}

/** The routes of features before the sites. */
export function createDoorRoutes(parts: FeatureParts): readonly DoorRoutes[] {
  return [platformScopeRoutes(parts), platformQuotaRoutes(parts), platformRemovalRoutes(parts)];
}

/** Starts taking the jobs of every feature: one line a feature. */
export async function startWorkers(parts: FeatureParts): Promise<void> {
  const judging = { judge, closeScan };
  await startScanWorkers({ ...parts, ...judging, resolveNames: resolveBySystem });
  await startAlertWorkers(forAlerts(parts));
  await startRemovalWorkers({ ...parts, closeScan });
  await startRetentionWorkers(parts);
  const retention = createRetentionScheduler(parts);
  retention.start();
  parts.closing.add('the scheduler of retention', retention.stop);
  await startAccountWorkers(parts);
  const scheduler = createScheduler({
    ...parts,
    startScan: async (tx, schedule) => {
      const origin = { trigger: 'schedule', startedBy: null, whenRunning: 'wait' } as const;
      const outcome = await requestScan(tx, parts, { ...schedule, ...origin });
      if (outcome.outcome !== 'refused') return null;
      const { siteId, groupId, scheduleId } = schedule;
      const source = sourceOfProgram('schedule', scheduleId);
      await recordRefusedScan(tx, siteId, { groupId, outcome, source });
      // An import ends, and the night's scan is not lost.
      return outcome.code === 'import-runs' ? NOT_NOW : outcome.reason;
    },
  });
  scheduler.start();
  parts.closing.add('the scheduler', scheduler.stop);
}

function forAlerts({ baseUrl, ...parts }: FeatureParts) {
  return { ...parts, config: { baseUrl } };
}
