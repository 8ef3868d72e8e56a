import { IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatFull } from '../format/time.ts';
import classes from './as-of-banner.module.css';
import { useCalendar } from './session-context.tsx';

/** Says that a page shows the past; its child leads back to now. */
export function AsOfBanner({ at, children }: { at: string; children: ReactNode }) {
  const calendar = useCalendar();
  return (
    <div className={classes.banner} role="status">
      <IconHistory size={18} stroke={1.6} aria-hidden />
      <span className={classes.words}>
        As it was believed on <time dateTime={at}>{formatFull(at, calendar)}</time>.
      </span>
      {children}
    </div>
  );
}
