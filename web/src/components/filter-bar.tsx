import type { ReactNode } from 'react';
import classes from './filter-bar.module.css';

/** The filters of a list, side by side. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <search className={classes.bar} aria-label="Filters">
      {children}
    </search>
  );
}
