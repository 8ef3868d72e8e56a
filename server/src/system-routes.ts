import { systemView } from '@netdelta/core/api/hosts.ts';
import type { MailSender } from './channels/mail/mail-sender.ts';
import type { Engine } from './engines/engine.ts';
import type { SiteRoutes } from './http/site-routes.ts';
import { selectPlayground } from './playground/marker.ts';

interface SystemParts {
  readonly engines: readonly Engine[];
  readonly mail: MailSender;
  readonly dataDir: string;
  readonly version: string;
}

/** What this installation can do, and what it lacks. */
export const systemRoutes =
  ({ engines, mail, dataDir, version }: SystemParts): SiteRoutes =>
  async (app) => {
    app.get(
      '/system',
      { config: { needs: 'read' }, schema: { response: { 200: systemView } } },
      async () => ({
        version,
        engines: await Promise.all(engines.map((engine) => engine.detect())),
        mail: { configured: mail.configured, note: mail.note },
        playground: await selectPlayground(dataDir),
      }),
    );
  };
