import { TextInput } from '@mantine/core';
import type { SiteCard } from '@netdelta/core/api/accounts.ts';
import { IconArrowRight } from '@tabler/icons-react';
import { type MouseEvent, useState } from 'react';
import { useEnterSite } from '../../api/front-door.ts';
import { showFailure } from '../../components/toast.ts';
import { formatCount, formatNumber } from '../../format/count.ts';
import { formatRelative } from '../../format/time.ts';
import classes from './front-door-page.module.css';

/** From so many sites on one looks for one's own. */
const MANY_SITES = 8;
/** A longer list is nobody's to read. */
const MOST_SHOWN = 100;

function isFound({ name, slug }: SiteCard, text: string): boolean {
  return `${name} ${slug}`.toLowerCase().includes(text.trim().toLowerCase());
}

function describeFound(found: number, all: number): string {
  const shown = found > MOST_SHOWN ? `; the first ${MOST_SHOWN} are shown` : '';
  return `${formatNumber(found)} of ${formatCount(all, 'site')}${shown}`;
}

/** The sites that one may enter, each with how things stand there. */
export function SiteCards({ sites }: { sites: readonly SiteCard[] }) {
  const [text, setText] = useState('');
  if (sites.length === 0)
    return (
      <p className={classes.hint}>You are a member of no site. Ask its owner to invite you.</p>
    );
  const found = sites.filter((site) => isFound(site, text));
  return (
    <>
      {sites.length >= MANY_SITES && (
        <TextInput
          type="search"
          label="Find a site"
          description={describeFound(found.length, sites.length)}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <ul className={classes.sites}>
        {found.slice(0, MOST_SHOWN).map((site) => (
          <li key={site.slug}>
            <Card site={site} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ site: { slug, name, own } }: { site: SiteCard }) {
  const enter = useEnterSite();
  const closed = own !== null && own.state !== 'active';
  const address = new URL(`./${slug}/`, document.baseURI).href;
  const follow = (event: MouseEvent) => {
    // Each site has a cookie of its own: it is made before going there.
    if (closed) return event.preventDefault();
    if (!own || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    enter.mutate(slug, {
      onSuccess: () => window.location.assign(address),
      onError: (error) => showFailure('You cannot enter this site', error),
    });
  };
  return (
    <a href={address} className={classes.site} onClick={follow} aria-disabled={closed}>
      <span className={classes.words}>
        <span className={classes.name}>
          {name}
          <span className="quiet mono"> /{slug}</span>
        </span>
        {own && <span className={classes.facts}>{listFacts(own).join(' · ')}</span>}
        {own && own.redOfWeek > 0 && (
          <span className={classes.red}>
            {formatCount(own.redOfWeek, 'red delta')} in 7{'\u00a0'}days
          </span>
        )}
      </span>
      {!closed && <IconArrowRight size={18} aria-hidden />}
    </a>
  );
}

function listFacts(own: NonNullable<SiteCard['own']>): string[] {
  const { role, state, hosts, deltasOfDay, lastScanAt, scansRunning } = own;
  if (state === 'deactivated')
    return [role, 'deactivated: an administrator of the platform can restore it'];
  if (state === 'deleting') return [role, 'is being deleted'];
  return [
    role,
    `${formatCount(hosts.up, 'host')} up`,
    ...(hosts.missed > 0 ? [`${formatNumber(hosts.missed)} missed`] : []),
    ...(hosts.down > 0 ? [`${formatNumber(hosts.down)} down`] : []),
    `${formatCount(deltasOfDay, 'delta')} in 24\u00a0h`,
    lastScanAt ? `last scan ${formatRelative(lastScanAt, Date.now())}` : 'not scanned yet',
    ...(scansRunning > 0 ? [`${formatCount(scansRunning, 'scan')} running`] : []),
  ];
}
