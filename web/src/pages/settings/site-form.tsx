import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type SiteFacts, type SiteView, siteFacts } from '@netdelta/core/api/site.ts';
import { DATE_LOCALES } from '@netdelta/core/site/date-locales.ts';
import { useSaveSite } from '../../api/site.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { useNow } from '../../components/session-context.tsx';
import { TimeZoneSelect } from '../../components/time-zone-select.tsx';
import { showDone } from '../../components/toast.ts';
import { formatAbsolute } from '../../format/time.ts';
import { LogoField } from './logo-field.tsx';

/** What the site is called, its picture, and how it writes its times. */
export function SiteForm({ site }: { site: SiteView }) {
  const save = useSaveSite();
  const { name, timeZone, dateLocale } = site;
  const form = useForm<SiteFacts>({
    initialValues: { name, timeZone, dateLocale },
    validate: schemaResolver(siteFacts, { sync: true }),
  });
  const now = new Date(useNow()).toISOString();
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: () => showDone('The site has been saved.'),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const choices = DATE_LOCALES.map((locale) => ({
    value: locale,
    label: `${nameOf(locale)}: ${formatAbsolute(now, { timeZone, dateLocale: locale })}`,
  }));
  return (
    <Panel title="The site">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={460}>
          <TextInput label="Name" {...form.getInputProps('name')} />
          <TimeZoneSelect {...form.getInputProps('timeZone')} />
          <Select
            label="Language of dates"
            description="On all pages and in mails."
            data={choices}
            searchable
            allowDeselect={false}
            {...form.getInputProps('dateLocale')}
          />
          <ErrorPanel error={save.error} title="The site was not saved" />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              Save the site
            </Button>
          </Group>
        </Stack>
      </form>
      <LogoField logo={site.logo} />
    </Panel>
  );
}

function nameOf(locale: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(locale) ?? locale;
}
