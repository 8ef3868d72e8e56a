import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { setupRequest } from '@netdelta/core/api/accounts.ts';
import { useState } from 'react';
import { useSetup } from '../../api/session.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { TimeZoneSelect } from '../../components/time-zone-select.tsx';
import { proposeSlug } from '../../format/slug.ts';

/** Asks for the site and its owner, and leads to the new site. */
export function SetupForm({ token }: { token: string }) {
  const setup = useSetup();
  const [slugTouched, setSlugTouched] = useState(false);
  const form = useForm({
    initialValues: {
      token,
      siteName: '',
      siteSlug: '',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
      name: '',
      email: '',
      password: '',
    },
    validate: schemaResolver(setupRequest, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    setup.mutate(values, {
      onSuccess: ({ slug }) => window.location.assign(new URL(`${slug}/`, document.baseURI)),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const nameSite = (siteName: string) => {
    form.setFieldValue('siteName', siteName);
    if (!slugTouched) form.setFieldValue('siteSlug', proposeSlug(siteName));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name of the site"
          description="Whose networks these are, such as Example University"
          required
          data-autofocus
          {...form.getInputProps('siteName')}
          onChange={(event) => nameSite(event.currentTarget.value)}
        />
        <TextInput
          label="Address of the site"
          description={`Its pages will lie under ${document.baseURI}${form.values.siteSlug || '…'}/`}
          required
          {...form.getInputProps('siteSlug')}
          onChange={(event) => {
            setSlugTouched(true);
            form.setFieldValue('siteSlug', event.currentTarget.value);
          }}
        />
        <TimeZoneSelect {...form.getInputProps('timeZone')} />
        <TextInput label="Your name" required autoComplete="name" {...form.getInputProps('name')} />
        <TextInput
          label="Your e-mail address"
          type="email"
          required
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters"
          required
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <ErrorPanel error={setup.error} title="The site was not made" />
        <Button type="submit" loading={setup.isPending} mt="xs">
          Create the site
        </Button>
      </Stack>
    </form>
  );
}
