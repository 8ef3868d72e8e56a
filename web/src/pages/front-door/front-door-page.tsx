import type { FrontDoorView } from '@netdelta/core/api/accounts.ts';
import { useQuery } from '@tanstack/react-query';
import { frontDoorQuery } from '../../api/front-door.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { DoorLogin } from './door-login.tsx';
import classes from './front-door-page.module.css';
import { PlatformSites } from './platform-sites.tsx';
import { SiteCards } from './site-cards.tsx';
import { Visitor } from './visitor.tsx';

/** `/`: one's sites, with how things stand there; the login; or how to make the first site. */
export function FrontDoorPage() {
  const query = useQuery(frontDoorQuery);
  return (
    <DoorFrame title={titleOf(query.data)}>
      <Loaded query={query}>{(view) => <Door view={view} />}</Loaded>
    </DoorFrame>
  );
}

function titleOf(view: FrontDoorView | undefined): string {
  if (view?.needsSetup) return 'Not set up yet';
  return view?.visitor ? 'Your sites' : 'NetDelta';
}

function Door({ view: { needsSetup, visitor, sites } }: { view: FrontDoorView }) {
  if (needsSetup) return <SetupHint />;
  if (!visitor) return sites.length > 0 ? <SiteCards sites={sites} /> : <DoorLogin />;
  return (
    <>
      <SiteCards sites={sites} />
      {visitor.platformAdmin && <PlatformSites />}
      <Visitor visitor={visitor} />
    </>
  );
}

function SetupHint() {
  return (
    <div className={classes.hint}>
      <p>
        Use the set-up link that the program printed when it started. It makes the first site and
        its owner, and works once.
      </p>
      <p className="quiet">
        The link is gone? Start NetDelta again: as long as there is no site, it prints a new one.
      </p>
    </div>
  );
}
