import type { FrontDoorView } from '@netdelta/core/api/accounts.ts';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { frontDoorQuery } from '../../api/session.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { Loaded } from '../../components/loaded.tsx';
import classes from './front-door-page.module.css';

/** `/`: the sites, or how to make the first one. */
export function FrontDoorPage() {
  const query = useQuery(frontDoorQuery);
  return (
    <DoorFrame title={query.data?.needsSetup ? 'Not set up yet' : 'Choose a site'}>
      <Loaded query={query}>
        {({ needsSetup, sites }) => (needsSetup ? <SetupHint /> : <Sites sites={sites} />)}
      </Loaded>
    </DoorFrame>
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

function Sites({ sites }: Pick<FrontDoorView, 'sites'>) {
  // Several sites are not named to strangers.
  if (sites.length === 0)
    return (
      <div className={classes.hint}>
        <p>
          This server holds several sites. Open the address of yours, such as{' '}
          <span className="mono wrap">{document.baseURI}your-site/</span>, and log in there.
        </p>
      </div>
    );
  return (
    <ul className={classes.sites}>
      {sites.map(({ slug, name }) => (
        <li key={slug}>
          <a href={`./${slug}/`} className={classes.site}>
            <span>
              {name}
              <span className="quiet mono"> /{slug}</span>
            </span>
            <IconArrowRight size={18} aria-hidden />
          </a>
        </li>
      ))}
    </ul>
  );
}
