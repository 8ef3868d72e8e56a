import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './door-frame.module.css';
import { Wordmark } from './wordmark.tsx';

interface DoorFrameProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

/** The frame of the pages before the login. */
export function DoorFrame({ title, lead, children }: DoorFrameProps) {
  useDocumentTitle(`${title} · NetDelta`);
  return (
    <div className={classes.door}>
      <header className={classes.head}>
        <Wordmark />
        <p className={classes.claim}>What is reachable on your networks, and what changed.</p>
      </header>
      <main className={classes.card}>
        <h1 className={classes.title}>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        {children}
      </main>
    </div>
  );
}
