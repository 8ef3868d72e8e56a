import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApiCache } from './api/cache.ts';
import { FrontDoorPage } from './pages/front-door/front-door-page.tsx';
import { SetupPage } from './pages/setup/setup-page.tsx';
import { createSiteRouter } from './router.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

/** Shows the page for this address: the front door and the set-up at the root, a site below it. */
function start(root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={createApiCache()}>
          <Notifications position="bottom-right" />
          {pageHere()}
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

function pageHere() {
  const { pathname: base } = new URL(document.baseURI);
  if (!isFrontDoor(base)) return <RouterProvider router={createSiteRouter(base)} />;
  return window.location.pathname.endsWith('/setup') ? <SetupPage /> : <FrontDoorPage />;
}

/** Behind a proxy the front door may have a path of its own, and then only the server knows. */
function isFrontDoor(base: string): boolean {
  return base === '/' || document.querySelector('base')?.dataset.place === 'front-door';
}

const root = document.getElementById('root');
if (root) start(root);
