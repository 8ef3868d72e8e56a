import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  secondFactorQuery,
  useEndSecondFactor,
  useOfferSecondFactor,
  useRenewRecoveryCodes,
} from '../../api/second-factor.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** Codes of an authenticator app, beside the password. */
export function SecondFactor() {
  const query = useQuery(secondFactorQuery);
  return (
    <Panel title="Second factor">
      <Loaded query={query}>
        {({ enabled, demanded }) => (enabled ? <Enabled /> : <Absent demanded={demanded} />)}
      </Loaded>
    </Panel>
  );
}

function Absent({ demanded }: { demanded: boolean }) {
  const offer = useOfferSecondFactor();
  if (offer.data) return <SecondFactorSetup offer={offer.data} />;
  return (
    <Stack gap="sm">
      <p>
        {demanded && <strong>This site demands one. </strong>}
        With a second factor, the login also asks for a code that an app on your telephone shows,
        such as Aegis, Google Authenticator or a password manager.
      </p>
      <PasswordForm label="Set up a second factor" action={offer} />
    </Stack>
  );
}

function Enabled() {
  const end = useEndSecondFactor();
  const renew = useRenewRecoveryCodes();
  const [wish, setWish] = useState<'end' | 'renew'>();
  return (
    <Stack gap="sm">
      <p>The login asks for a code of your authenticator app.</p>
      {wish === undefined && (
        <Group gap="xs">
          <Button variant="default" onClick={() => setWish('renew')}>
            New recovery codes
          </Button>
          <Button variant="default" onClick={() => setWish('end')}>
            End the second factor
          </Button>
        </Group>
      )}
      {wish === 'renew' && !renew.data && (
        <PasswordForm label="Make new recovery codes" action={renew} />
      )}
      {renew.data && <RecoveryCodes codes={renew.data.recoveryCodes} />}
      {wish === 'end' && <PasswordForm label="End the second factor" action={end} />}
    </Stack>
  );
}

interface PasswordFormProps {
  readonly label: string;
  readonly action: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly mutateAsync: (password: string) => Promise<unknown>;
  };
}

/** Asks the password again before something that weakens or makes the second factor. */
function PasswordForm({ label, action }: PasswordFormProps) {
  const form = useForm({ initialValues: { password: '' } });
  const submit = form.onSubmit(async ({ password }) => {
    await action
      .mutateAsync(password)
      .catch((error: unknown) => form.setErrors(fieldErrors(error)));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="xs">
        <PasswordInput
          label="Your password, once more"
          autoComplete="current-password"
          flex="1 1 220px"
          maw={360}
          {...form.getInputProps('password')}
        />
        <Button type="submit" variant="default" loading={action.isPending}>
          {label}
        </Button>
      </Group>
      <ErrorPanel error={action.error} />
    </form>
  );
}
