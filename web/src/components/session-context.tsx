import type { SessionView } from '@netdelta/core/api/accounts.ts';
import { DEFAULT_DATE_LOCALE } from '@netdelta/core/site/date-locales.ts';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { siteQuery } from '../api/site.ts';
import type { Calendar } from '../format/time.ts';

const SessionContext = createContext<SessionView | null>(null);
const NowContext = createContext(0);

const TICK_MS = 10_000;

/** Tells all pages of a site who is logged in, and what time it is: one clock for every "ago". */
export function SessionProvider({
  session,
  children,
}: {
  session: SessionView;
  children: ReactNode;
}) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <SessionContext value={session}>
      <NowContext value={now}>{children}</NowContext>
    </SessionContext>
  );
}

/** Who is logged in, and the site. Only within SessionProvider. */
export function useSession(): SessionView {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider around it');
  return session;
}

/** The site's time zone (IANA): all times on its pages are shown in it. */
export function useTimeZone(): string {
  return useSession().site.timeZone;
}

/** How the site writes its times; until that is known, as the English do. */
export function useCalendar(): Calendar {
  const timeZone = useTimeZone();
  // Whoever may not read the site yet has to set up a second factor first.
  const { data } = useQuery({ ...siteQuery, enabled: !useSession().lacksSecondFactor });
  return { timeZone, dateLocale: data?.dateLocale ?? DEFAULT_DATE_LOCALE };
}

/** Milliseconds since 1970, renewed every ten seconds. */
export function useNow(): number {
  return useContext(NowContext);
}
