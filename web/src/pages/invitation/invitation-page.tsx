import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ROLE_TABLE } from '@netdelta/core/access/roles.ts';
import type { InvitationOffer } from '@netdelta/core/api/people.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { offerQuery, useAcceptInvitation } from '../../api/people.ts';
import { asksCode, CodeInput } from '../../components/code-input.tsx';
import { DoorFrame } from '../../components/door-frame.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Loaded } from '../../components/loaded.tsx';

const route = getRouteApi('/invitation');

/** `/invitation?token=…`: what somebody is invited to, and how they come in. */
export function InvitationPage() {
  const { token = '' } = route.useSearch();
  const query = useQuery(offerQuery(token));
  return (
    <DoorFrame title={query.data ? `You are invited to ${query.data.siteName}` : 'Invitation'}>
      <Loaded query={query}>{(offer) => <Accept token={token} offer={offer} />}</Loaded>
    </DoorFrame>
  );
}

function Accept({ token, offer }: { token: string; offer: InvitationOffer }) {
  const router = useRouter();
  const accept = useAcceptInvitation();
  const [anew, setAnew] = useState(false);
  const known = offer.known && !anew;
  const form = useForm({ initialValues: { name: '', password: '', code: '' } });
  const submit = form.onSubmit(({ name, password, code }) =>
    accept.mutate(
      { token, password, ...(!known && { name }), ...(code && { code }), ...(anew && { anew }) },
      {
        onSuccess: () => router.navigate({ to: '/', replace: true }),
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" mt="sm">
        <p>
          {offer.invitedBy ?? 'Somebody'} invites <strong className="wrap">{offer.email}</strong> as{' '}
          <strong>{offer.role}</strong>: {ROLE_TABLE[offer.role].meaning}.
        </p>
        {known ? (
          <p className="quiet">
            This address has an account here already. Give its password, and the site is added to
            it.
          </p>
        ) : (
          <TextInput
            label="Your name"
            autoComplete="name"
            autoFocus
            {...form.getInputProps('name')}
          />
        )}
        <input type="hidden" name="username" autoComplete="username" value={offer.email} readOnly />
        <PasswordInput
          label={known ? 'Password of your account' : 'New password'}
          {...(!known && {
            description: 'At least 12 characters; four unrelated words are good',
          })}
          autoComplete={known ? 'current-password' : 'new-password'}
          {...form.getInputProps('password')}
        />
        {asksCode(accept.error) && <CodeInput {...form.getInputProps('code')} />}
        {offer.contestable && (
          <Checkbox
            label="I have never made an account here"
            description="Somebody else has used your address. You get an account of your own; theirs ends, with all that it may."
            checked={anew}
            onChange={({ currentTarget }) => setAnew(currentTarget.checked)}
          />
        )}
        <ErrorPanel error={accept.error} title="You are not in yet" />
        <Button type="submit" loading={accept.isPending} mt="xs">
          Accept the invitation
        </Button>
      </Stack>
    </form>
  );
}
