import type { SiteCard } from '@netdelta/core/api/accounts.ts';
import { IconArrowRight } from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import { useEnterSite } from '../../api/front-door.ts';
import { showFailure } from '../../components/toast.ts';
import { formatCount } from '../../format/count.ts';
import { formatRelative } from '../../format/time.ts';
import classes from './front-door-page.module.css';

/** The sites that one may enter, each with how things stand there. */
export function SiteCards({ sites }: { sites: readonly SiteCard[] }) {
  if (sites.length === 0)
    return (
      <p className={classes.hint}>You are a member of no site. Ask its owner to invite you.</p>
    );
  return (
    <ul className={classes.sites}>
      {sites.map((site) => (
        <li key={site.slug}>
          <Card site={site} />
        </li>
      ))}
    </ul>
  );
}

function Card({ site: { slug, name, own } }: { site: SiteCard }) {
  const enter = useEnterSite();
  const address = new URL(`./${slug}/`, document.baseURI).href;
  const follow = (event: MouseEvent) => {
    // Each site has a cookie of its own: it is made before going there.
    if (!own || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    enter.mutate(slug, {
      onSuccess: () => window.location.assign(address),
      onError: (error) => showFailure('You cannot enter this site', error),
    });
  };
  return (
    <a href={address} className={classes.site} onClick={follow}>
      <span className={classes.words}>
        <span className={classes.name}>
          {name}
          <span className="quiet mono"> /{slug}</span>
        </span>
        {own && <span className={classes.facts}>{listFacts(own).join(' · ')}</span>}
      </span>
      <IconArrowRight size={18} aria-hidden />
    </a>
  );
}

function listFacts(own: NonNullable<SiteCard['own']>): string[] {
  const { role, hostsUp, deltasOfDay, lastScanAt, scansRunning } = own;
  return [
    role,
    `${formatCount(hostsUp, 'host')} up`,
    `${formatCount(deltasOfDay, 'delta')} in 24\u00a0h`,
    lastScanAt ? `last scan ${formatRelative(lastScanAt, Date.now())}` : 'not scanned yet',
    ...(scansRunning > 0 ? [`${formatCount(scansRunning, 'scan')} running`] : []),
  ];
}
