import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  secondFactorQuery,
  useEndSecondFactor,
  useOfferSecondFactor,
  useRenewRecoveryCodes,
} from '../../api/second-factor.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { PasswordProofForm } from './password-proof-form.tsx';
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
        {demanded && <strong>This site demands one, or a login by passkey. </strong>}
        With a second factor, the login also asks for a code that an app on your telephone shows,
        such as Aegis, Google Authenticator or a password manager.
      </p>
      <PasswordProofForm label="Set up a second factor" action={offer} />
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
        <PasswordProofForm label="Make new recovery codes" action={renew} />
      )}
      {renew.data && <RecoveryCodes codes={renew.data.recoveryCodes} />}
      {wish === 'end' && <PasswordProofForm label="End the second factor" action={end} />}
    </Stack>
  );
}
