import { Button } from '@mantine/core';
import { mayDo, type Permission } from '@netdelta/core/access/roles.ts';
import {
  type Icon,
  IconAdjustmentsHorizontal,
  IconArrowsDiff,
  IconBellRinging,
  IconClipboardList,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLogout,
  IconPlugConnected,
  IconRadar2,
  IconServer2,
  IconSettings,
  IconShieldCheck,
  IconTargetArrow,
  IconTopologyStar3,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useLogout } from '../api/session.ts';
import { logoAddress, siteQuery } from '../api/site.ts';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';
import classes from './navigation-bar.module.css';
import { useSession } from './session-context.tsx';
import { Wordmark } from './wordmark.tsx';

const ENTRIES = [
  { to: '/', label: 'Overview', Icon: IconLayoutDashboard },
  { to: '/groups', label: 'Groups', Icon: IconTopologyStar3 },
  { to: '/hosts', label: 'Hosts', Icon: IconServer2 },
  { to: '/services', label: 'Services', Icon: IconPlugConnected },
  { to: '/scans', label: 'Scans', Icon: IconRadar2 },
  { to: '/deltas', label: 'Deltas', Icon: IconArrowsDiff },
  { to: '/compare', label: 'Compare', Icon: IconHistory },
  { to: '/scope', label: 'Scope', Icon: IconShieldCheck },
  { to: '/profiles', label: 'Profiles', Icon: IconTargetArrow },
  { to: '/notifications', label: 'Notifications', Icon: IconBellRinging },
  { to: '/members', label: 'Members', Icon: IconUsers },
  { to: '/api-keys', label: 'API keys', Icon: IconKey, needs: 'keys' },
  { to: '/settings', label: 'Settings', Icon: IconAdjustmentsHorizontal },
  { to: '/audit', label: 'Audit log', Icon: IconClipboardList, needs: 'audit' },
  { to: '/system', label: 'System', Icon: IconSettings },
] as const satisfies readonly { to: string; label: string; Icon: Icon; needs?: Permission }[];

/** The site, the ways to its pages, and who is logged in. */
export function NavigationBar() {
  const { site, role } = useSession();
  const entries = ENTRIES.filter((entry) => !('needs' in entry) || mayDo(role, entry.needs));
  return (
    <div className={classes.bar}>
      <div className={classes.head}>
        <span className={classes.wordmark}>
          <Wordmark />
        </span>
        <Logo />
        <span className={classes.site}>{site.name}</span>
      </div>
      <nav aria-label="Main">
        {entries.map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={classes.entry} activeOptions={{ exact: to === '/' }}>
            <Icon size={18} stroke={1.6} aria-hidden />
            {label}
          </Link>
        ))}
      </nav>
      <Person />
    </div>
  );
}

function Logo() {
  const { lacksSecondFactor } = useSession();
  const { data } = useQuery({ ...siteQuery, enabled: !lacksSecondFactor });
  if (!data?.logo) return null;
  // The name of the site stands below it.
  return <img src={logoAddress(data.logo)} alt="" className={classes.logo} />;
}

function Person() {
  const { user, signedOn } = useSession();
  const logout = useLogout();
  return (
    <div className={classes.foot}>
      <ColorSchemeSwitch />
      <div className={classes.person}>
        <Link to="/account" className={classes.name}>
          {user.name}
        </Link>
        <span className={classes.email}>{user.email}</span>
        {!signedOn && (
          <a href={new URL('../', document.baseURI).href} className={classes.email}>
            Your sites
          </a>
        )}
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        className={classes.logout}
        leftSection={<IconLogout size={16} />}
        loading={logout.isPending}
        onClick={() => logout.mutate()}
      >
        Log out
      </Button>
    </div>
  );
}
