import { Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { AppFrame } from './app-frame.tsx';
import { DoorFrame } from './door-frame.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { SessionProvider } from './session-context.tsx';

/** Lets in who is logged in; sends everyone else to the login, and back here after it. */
export function SiteGate() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const { href } = useLocation();
  if (session)
    return (
      <SessionProvider session={session}>
        <AppFrame />
      </SessionProvider>
    );
  if (session === null) return <Navigate to="/login" search={{ next: href }} replace />;
  if (error)
    return (
      <DoorFrame title="NetDelta cannot be reached">
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      </DoorFrame>
    );
  return (
    <Center mih="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
