import type { ProfileView } from '@netdelta/core/api/groups.ts';
import { scanOptions } from '@netdelta/core/profile/options.ts';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { profilesQuery } from '../../api/profiles.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Empty } from '../../components/empty.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable, May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { describeOptions } from '../../format/options.ts';
import { DeleteProfile } from './delete-profile.tsx';
import { ProfileForm } from './profile-form.tsx';

const route = getRouteApi('/site/profiles/$profileId');

/** Makes a profile, changes one, or shows one that is built in. */
export function ProfileEditorPage() {
  const { profileId } = route.useParams();
  const query = useQuery({ ...profilesQuery, staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={query}>
      {({ items }) => {
        if (profileId === 'new') return <NewProfile profiles={items} />;
        const profile = items.find(({ id }) => id === profileId);
        if (!profile) return <Empty title="There is no such profile" />;
        return profile.builtIn ? (
          <BuiltInProfile profile={profile} />
        ) : (
          <OwnProfile key={profile.id} profile={profile} />
        );
      }}
    </Loaded>
  );
}

function NewProfile({ profiles }: { profiles: readonly ProfileView[] }) {
  const { copy } = route.useSearch();
  const source = profiles.find(({ id }) => id === copy);
  const initial = source
    ? { name: `${source.name} (copy)`, description: source.description, options: source.options }
    : { name: '', description: '', options: scanOptions.parse({}) };
  return (
    <>
      <PageHeader title="New profile" trail={TRAIL} />
      <Editable do="configure">
        <ProfileForm key={copy} initial={initial} />
      </Editable>
    </>
  );
}

function OwnProfile({ profile }: { profile: ProfileView }) {
  const { name, description, options } = profile;
  return (
    <>
      <PageHeader
        title={name}
        trail={TRAIL}
        actions={
          <>
            <May do="configure">
              <DeleteProfile profile={profile} />
            </May>
            <CopyProfile id={profile.id} />
          </>
        }
      />
      <Editable do="configure">
        <ProfileForm profileId={profile.id} initial={{ name, description, options }} />
      </Editable>
    </>
  );
}

function BuiltInProfile({ profile }: { profile: ProfileView }) {
  return (
    <>
      <PageHeader
        title={profile.name}
        trail={TRAIL}
        facts="Built in: it can be copied, not changed."
        actions={<CopyProfile id={profile.id} />}
      />
      <Panel title="Options" note={profile.description}>
        <Facts facts={describeOptions(profile.options)} />
      </Panel>
    </>
  );
}

function CopyProfile({ id }: { id: string }) {
  return (
    <May do="configure">
      <ButtonLink
        to="/profiles/$profileId"
        params={{ profileId: 'new' }}
        search={{ copy: id }}
        leftSection={<IconCopy size={16} />}
      >
        Copy to a new profile
      </ButtonLink>
    </May>
  );
}

const TRAIL = [
  <Link key="profiles" to="/profiles" className="plain-link">
    Profiles
  </Link>,
];
