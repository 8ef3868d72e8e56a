import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../../api/settings.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { DangerServices } from './danger-services.tsx';
import { SettingsForm } from './settings-form.tsx';

/** What the site decides for all its groups: how deltas are rated. */
export function SettingsPage() {
  const query = useQuery(settingsQuery);
  return (
    <>
      <PageHeader
        title="Settings"
        facts="They hold for all groups, from the next scan that ends."
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
      </Stack>
    </>
  );
}
