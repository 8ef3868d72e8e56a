import { NativeSelect } from '@mantine/core';
import type { ScanView } from '@netdelta/core/api/scans.ts';
import { InstantInput } from '../../components/instant-input.tsx';
import { useCalendar, useNow } from '../../components/session-context.tsx';
import { formatCount } from '../../format/count.ts';
import { type Calendar, formatAbsolute } from '../../format/time.ts';
import { daysBefore } from './presets.ts';

interface InstantChoiceProps {
  readonly label: string;
  /** `now`, the id of a scan, or ISO 8601. */
  readonly value: string;
  readonly scans: readonly ScanView[];
  readonly onChange: (value: string) => void;
}

const NOW = 'now';
const TIME = 'time';

/** One side of a comparison: now, a date and time, or one of the group's scans. */
export function InstantChoice({ label, value, scans, onChange }: InstantChoiceProps) {
  const calendar = useCalendar();
  const now = useNow();
  const isTime = value.includes('T');
  const isListed = isTime || value === NOW || scans.some(({ id }) => id === value);
  return (
    <>
      <NativeSelect
        label={label}
        value={isTime ? TIME : value}
        data={[
          { value: NOW, label: 'Now' },
          { value: TIME, label: 'A date and time' },
          ...scans.map((scan) => ({ value: scan.id, label: describeScan(scan, calendar) })),
          ...(isListed ? [] : [{ value, label: 'As in the address' }]),
        ]}
        onChange={({ currentTarget: { value: chosen } }) =>
          onChange(chosen === TIME ? daysBefore(1, now) : chosen)
        }
      />
      {isTime && (
        <InstantInput
          label={`${label} time`}
          value={value}
          onChange={(at) => {
            if (at !== undefined) onChange(at);
          }}
        />
      )}
    </>
  );
}

function describeScan({ finishedAt, first, deltaCount }: ScanView, calendar: Calendar): string {
  const what = first ? 'first scan' : formatCount(deltaCount, 'delta');
  return `${formatAbsolute(finishedAt ?? '', calendar)} (${what})`;
}
