import { AppShell, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import classes from './app-frame.module.css';
import { NavigationBar } from './navigation-bar.tsx';
import { Wordmark } from './wordmark.tsx';

/** The frame of all pages of a site: navigation at the left, or behind a button on narrow screens. */
export function AppFrame() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the menu
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: { base: 50, sm: 0 } }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header className={classes.header} hiddenFrom="sm">
        <Burger
          opened={opened}
          onClick={toggle}
          size="sm"
          color="var(--nd-ink-text)"
          aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
          aria-expanded={opened}
        />
        <Wordmark />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <NavigationBar />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="content" tabIndex={-1}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
