import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../../api/settings.ts';
import { storageQuery } from '../../api/storage.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { DangerServices } from './danger-services.tsx';
import { SettingsForm } from './settings-form.tsx';
import { StorageForm } from './storage-form.tsx';
import { StoragePanel } from './storage-panel.tsx';

/** What the site decides for all its groups: how deltas are rated, and how long data is kept. */
export function SettingsPage() {
  const query = useQuery(settingsQuery);
  const storage = useQuery(storageQuery);
  return (
    <>
      <PageHeader
        title="Settings"
        facts="They hold for all groups: ratings from the next scan that ends, storage from the next night."
        actions={<ButtonLink to="/export">Export</ButtonLink>}
      />
      <Stack gap="md">
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
      </Stack>
    </>
  );
}
