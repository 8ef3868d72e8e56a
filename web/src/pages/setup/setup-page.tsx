import { useQuery } from '@tanstack/react-query';
import { frontDoorQuery } from '../../api/front-door.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SetupForm } from './setup-form.tsx';

/** `/setup?token=…`: makes the first site and its owner. */
export function SetupPage() {
  const query = useQuery(frontDoorQuery);
  const token = new URLSearchParams(window.location.search).get('token') ?? '';
  return (
    <DoorFrame
      title="Set up NetDelta"
      lead="Two minutes: a name for what you watch, and the account of its owner."
    >
      <Loaded query={query}>
        {({ needsSetup }) => {
          if (!needsSetup) return <AlreadySetUp />;
          return token ? <SetupForm token={token} /> : <NoToken />;
        }}
      </Loaded>
    </DoorFrame>
  );
}

function AlreadySetUp() {
  return (
    <p className="prose">
      This NetDelta is already set up.{' '}
      <a href="./" className="plain-link">
        Choose a site
      </a>
    </p>
  );
}

function NoToken() {
  return (
    <p>
      This address lacks its token. Open the whole set-up link that the program printed when it
      started.
    </p>
  );
}
