import type { ProfileView } from '@netdelta/core/api/groups.ts';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { profilesQuery } from '../../api/profiles.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatNumber } from '../../format/count.ts';
import { describeOptions, describePorts } from '../../format/options.ts';

const NEW_PROFILE = (
  <May do="configure">
    <ButtonLink
      to="/profiles/$profileId"
      params={{ profileId: 'new' }}
      variant="filled"
      leftSection={<IconPlus size={16} />}
    >
      New profile
    </ButtonLink>
  </May>
);

/** All profiles: the built-in ones and the site's own. */
export function ProfilesPage() {
  const query = useQuery(profilesQuery);
  return (
    <>
      <PageHeader
        title="Profiles"
        facts="A profile says which ports a scan asks, and how."
        actions={NEW_PROFILE}
      />
      <Panel flush>
        <Loaded query={query}>
          {({ items }) => (
            <DataTable
              label="Profiles"
              columns={COLUMNS}
              rows={items}
              rowKey={({ id }) => id}
              detail={({ options }) => <Facts facts={describeOptions(options)} />}
            />
          )}
        </Loaded>
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<ProfileView>[] = [
  { title: 'Profile', long: true, render: (profile) => <NameOf profile={profile} /> },
  { title: 'TCP ports', long: true, render: ({ options }) => describePorts(options.tcp) },
  { title: 'UDP ports', long: true, render: ({ options }) => describePorts(options.udp) },
  { title: 'Services', render: ({ options }) => (options.serviceDetection ? 'detected' : '–') },
  { title: 'Groups', render: ({ groupCount }) => formatNumber(groupCount), numeric: true },
  { title: 'Kind', tight: true, render: ({ builtIn }) => (builtIn ? 'built in' : 'own') },
];

function NameOf({ profile }: { profile: ProfileView }) {
  return (
    <div>
      <Link to="/profiles/$profileId" params={{ profileId: profile.id }} className="plain-link">
        {profile.name}
      </Link>
      {profile.description && <div className="quiet">{profile.description}</div>}
    </div>
  );
}
