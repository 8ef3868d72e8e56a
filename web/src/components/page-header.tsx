import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './page-header.module.css';
import { useSession } from './session-context.tsx';

interface PageHeaderProps {
  readonly title: string;
  /** Where this page lies: links, outermost first. */
  readonly trail?: readonly ReactNode[];
  /** Facts about the thing, in one quiet line. */
  readonly facts?: ReactNode;
  readonly actions?: ReactNode;
  /** The title is an address or the like, and every character counts. */
  readonly exact?: boolean;
}

/** The head of a page: where it lies, its name, what can be done. Also names the browser's tab. */
export function PageHeader({ title, trail = [], facts, actions, exact }: PageHeaderProps) {
  const { site } = useSession();
  useDocumentTitle(`${title} · ${site.name} · NetDelta`);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {trail.length > 0 && (
          <nav aria-label="Breadcrumb" className={classes.trail}>
            {trail.map((step, depth) => (
              // The depth is a step's identity: a trail only ever changes as a whole.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <span key={depth}>{step}</span>
            ))}
          </nav>
        )}
        <h1 className={exact ? `${classes.title} mono` : classes.title}>{title}</h1>
        {facts && <div className={classes.facts}>{facts}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
