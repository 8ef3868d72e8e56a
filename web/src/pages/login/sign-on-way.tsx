import { Alert, Button, Divider, Stack } from '@mantine/core';
import { describeSignOnRefusal } from '@netdelta/core/access/sign-on.ts';
import { IconAlertTriangle, IconLogin2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { signOnAddress, signOnOfferQuery } from '../../api/sign-on.ts';

interface SignOnWayProps {
  readonly next: string | undefined;
  /** Why the provider's way led back here. */
  readonly refused: string | undefined;
}

/** The way in through the site's identity provider, where there is one; and why it did not lead in. */
export function SignOnWay({ next, refused }: SignOnWayProps) {
  const { data } = useQuery(signOnOfferQuery);
  const reason = refused === undefined ? undefined : describeSignOnRefusal(refused);
  const label = data?.label ?? null;
  if (label === null && reason === undefined) return null;
  return (
    <Stack gap="sm" mb="sm">
      {reason && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          title="You are not logged in"
          icon={<IconAlertTriangle />}
        >
          {reason}
        </Alert>
      )}
      {label !== null && (
        <>
          <Button
            component="a"
            href={signOnAddress(next)}
            variant="default"
            leftSection={<IconLogin2 size={16} />}
          >
            Sign in with {label}
          </Button>
          <Divider label="or with an account here" />
        </>
      )}
    </Stack>
  );
}
