import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  readonly title?: string;
  /** A few quiet words beside the title. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** The content reaches to the edge, as tables do. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A framed part of a page with its heading. */
export function Panel({ title, note, actions, flush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} {...(title && { 'aria-labelledby': id })}>
      {title && (
        <header className={classes.head}>
          <h2 className={classes.title} id={id}>
            {title}
          </h2>
          {note && <span className={classes.note}>{note}</span>}
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  );
}
