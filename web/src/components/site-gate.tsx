import { Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionQuery } from '../api/session.ts';
import { AppFrame } from './app-frame.tsx';
import { DoorFrame } from './door-frame.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { SessionProvider } from './session-context.tsx';

/**
 * Lets in who is logged in; sends everyone else to the login, and back here after it. Who lacks a
 * second factor that the site demands gets no further than their account.
 */
export function SiteGate() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const { pathname } = useLocation();
  if (session?.lacksSecondFactor && pathname !== '/account')
    return <Navigate to="/account" replace />;
  if (session)
    return (
      <SessionProvider session={session}>
        <AppFrame />
      </SessionProvider>
    );
  if (session === null) return <GoToLogin />;
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

/** Not a Navigate: that would go again at each render, with where it is by then as the way back. */
function GoToLogin() {
  const router = useRouter();
  useEffect(() => {
    const { href, pathname } = router.latestLocation;
    if (pathname === '/login') return;
    const search = pathname === '/' ? {} : { next: href };
    void router.navigate({ to: '/login', search, replace: true });
  }, [router]);
  return null;
}
