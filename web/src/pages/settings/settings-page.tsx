import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../../api/settings.ts';
import { quotaQuery, siteQuery } from '../../api/site.ts';
import { storageQuery } from '../../api/storage.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { DangerServices } from './danger-services.tsx';
import { EndSite } from './end-site.tsx';
import { QuotasPanel } from './quotas-panel.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SiteForm } from './site-form.tsx';
import { StorageForm } from './storage-form.tsx';
import { StoragePanel } from './storage-panel.tsx';

/** What the site is, and decides for all its groups: how deltas are rated, and how long data is kept. */
export function SettingsPage() {
  const query = useQuery(settingsQuery);
  const storage = useQuery(storageQuery);
  const site = useQuery(siteQuery);
  const quotas = useQuery(quotaQuery);
  return (
    <>
      <PageHeader
        title="Settings"
        facts="The site itself; and what holds for all groups: ratings from the next scan that ends, storage from the next night."
        actions={<ButtonLink to="/export">Export</ButtonLink>}
      />
      <Stack gap="md">
        <Loaded query={site}>
          {(view) => (
            <Editable do="configure">
              <SiteForm site={view} />
            </Editable>
          )}
        </Loaded>
        <Loaded query={query}>
          {(settings) => (
            <Editable do="configure">
              <SettingsForm initial={settings} />
            </Editable>
          )}
        </Loaded>
        <DangerServices />
        <Loaded query={storage}>
          {(view) => (
            <>
              <StorageForm initial={view.rule} />
              <StoragePanel storage={view} />
            </>
          )}
        </Loaded>
        <Loaded query={quotas}>{(view) => <QuotasPanel view={view} />}</Loaded>
        <EndSite />
      </Stack>
    </>
  );
}
