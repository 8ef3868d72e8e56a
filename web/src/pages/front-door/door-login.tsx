import { Stack } from '@mantine/core';
import { useDoorLogin } from '../../api/front-door.ts';
import { useDoorPasskeyLogin } from '../../api/passkeys.ts';
import { LoginForm } from '../../components/login-form.tsx';

/** Logs in where there are several sites, which are not named to strangers. */
export function DoorLogin() {
  return (
    <Stack gap="sm" mt="xs">
      <p className="quiet">
        This server holds several sites. Log in to see yours, or open its address, such as{' '}
        <span className="mono wrap">{document.baseURI}your-site/</span>.
      </p>
      <LoginForm login={useDoorLogin()} passkey={useDoorPasskeyLogin()} />
    </Stack>
  );
}
