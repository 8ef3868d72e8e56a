import { Button, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { type PlatformSite, siteRequest } from '@netdelta/core/api/accounts.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { platformSitesQuery, useMakeSite, useRestoreSite } from '../../api/front-door.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Paged } from '../../components/paged.tsx';
import { TimeZoneSelect } from '../../components/time-zone-select.tsx';
import { showDone, showFailure } from '../../components/toast.ts';
import { formatCount, formatNumber } from '../../format/count.ts';
import { proposeSlug } from '../../format/slug.ts';
import classes from './front-door-page.module.css';

/** What platform administrators see besides: all sites, and the way to make one. */
export function PlatformSites() {
  const [listed, list] = useDisclosure(false);
  const [making, make] = useDisclosure(false);
  return (
    <div className={classes.platform}>
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" onClick={make.toggle} aria-expanded={making}>
          New site
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={list.toggle} aria-expanded={listed}>
          All sites of this server
        </Button>
      </div>
      {making && <NewSite />}
      {listed && <AllSites />}
    </div>
  );
}

function AllSites() {
  const [text, setText] = useState('');
  const query = useInfiniteQuery(platformSitesQuery(text.trim()));
  return (
    <>
      <TextInput
        type="search"
        label="Find a site of this server"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Paged query={query} empty={<p className="quiet">No site is called so.</p>}>
        {(sites) => (
          <ul className={classes.all}>
            {sites.map((site) => (
              <PlatformLine key={site.slug} site={site} />
            ))}
          </ul>
        )}
      </Paged>
    </>
  );
}

function PlatformLine({ site }: { site: PlatformSite }) {
  const { slug, name, memberCount, state, rowsDeleted } = site;
  const restore = useRestoreSite();
  const run = () =>
    restore.mutate(slug, {
      onSuccess: () => showDone(`${name} is in use again.`),
      onError: (error) => showFailure('The site was not restored', error),
    });
  return (
    <li>
      {name} <span className="quiet mono">/{slug}</span>{' '}
      <span className="quiet">{formatCount(memberCount, 'member')}</span>
      {state === 'deleting' && (
        <span className="quiet">, being deleted: {formatNumber(rowsDeleted)} rows so far</span>
      )}
      {state === 'deactivated' && (
        <>
          <span className="quiet">, deactivated </span>
          <Button size="compact-xs" variant="default" loading={restore.isPending} onClick={run}>
            Restore
          </Button>
        </>
      )}
    </li>
  );
}

function NewSite() {
  const make = useMakeSite();
  const [slugTouched, setSlugTouched] = useState(false);
  const form = useForm({
    initialValues: {
      name: '',
      slug: '',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    },
    validate: schemaResolver(siteRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    make.mutate(values, {
      onSuccess: ({ slug }) => window.location.assign(new URL(`${slug}/`, document.baseURI)),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const nameSite = (name: string) => {
    form.setFieldValue('name', name);
    if (!slugTouched) form.setFieldValue('slug', proposeSlug(name));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name of the site"
          {...form.getInputProps('name')}
          onChange={(event) => nameSite(event.currentTarget.value)}
        />
        <TextInput
          label="Address of the site"
          description={`Its pages will lie under ${document.baseURI}${form.values.slug || '…'}/`}
          {...form.getInputProps('slug')}
          onChange={(event) => {
            setSlugTouched(true);
            form.setFieldValue('slug', event.currentTarget.value);
          }}
        />
        <TimeZoneSelect {...form.getInputProps('timeZone')} />
        <ErrorPanel error={make.error} title="The site was not made" />
        <Button type="submit" loading={make.isPending}>
          Make the site, as its first owner
        </Button>
      </Stack>
    </form>
  );
}
