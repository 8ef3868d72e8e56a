import { Tooltip } from '@mantine/core';
import { formatAbsolute, formatFull, formatRelative } from '../format/time.ts';
import { useCalendar, useNow } from './session-context.tsx';

interface MomentProps {
  readonly at: string | null;
  /** What is said when there is no such moment. */
  readonly never?: string;
  /** Shows the date and time instead of the distance. */
  readonly absolute?: boolean;
}

/** An instant, as distance from now or as date and time; the tool tip always tells both. */
export function Moment({ at, never = 'never', absolute = false }: MomentProps) {
  const calendar = useCalendar();
  const now = useNow();
  if (!at) return <span className="quiet">{never}</span>;
  const relative = formatRelative(at, now);
  const label = `${formatFull(at, calendar)}, ${relative}`;
  return (
    <Tooltip label={label}>
      <time dateTime={at} className="unbroken">
        {absolute ? formatAbsolute(at, calendar) : relative}
      </time>
    </Tooltip>
  );
}
