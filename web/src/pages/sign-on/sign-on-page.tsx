import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { signOnQuery } from '../../api/sign-on.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Editable, useMay } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RemoveSignOn } from './remove-sign-on.tsx';
import { SignOnForm } from './sign-on-form.tsx';

/** Through which identity provider people come into the site, and in which roles. */
export function SignOnPage() {
  return (
    <>
      <PageHeader
        title="Single sign-on"
        trail={[
          <Link key="members" to="/members">
            Members
          </Link>,
        ]}
        facts="People of your organisation come in through its identity provider, by OpenID Connect, in the role that their groups give them."
      />
      {useMay('members') ? <Settings /> : <Editable do="members">{null}</Editable>}
    </>
  );
}

function Settings() {
  const query = useQuery(signOnQuery);
  return (
    <Loaded query={query}>
      {(view) => (
        <Stack gap="md">
          <SignOnForm key={view.provider ? 'stored' : 'new'} view={view} />
          {view.provider && <RemoveSignOn />}
        </Stack>
      )}
    </Loaded>
  );
}
