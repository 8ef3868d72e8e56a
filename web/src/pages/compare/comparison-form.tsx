import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Comparison } from '../../api/past.ts';
import { scansQuery } from '../../api/scans.ts';
import { FilterBar } from '../../components/filter-bar.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { useNow } from '../../components/session-context.tsx';
import classes from './compare-page.module.css';
import { InstantChoice } from './instant-choice.tsx';
import { daysBefore, PRESETS } from './presets.ts';

interface ComparisonFormProps {
  readonly comparison: Comparison;
  readonly onChange: (comparison: Comparison) => void;
}

/** Chooses the instants, which apply at once, and the group, of which scans can be chosen, too. */
export function ComparisonForm({ comparison, onChange }: ComparisonFormProps) {
  const { from, to, groupId } = comparison;
  const now = useNow();
  const scans = useEndedScans(groupId);
  const [last, before] = scans;
  return (
    <>
      <FilterBar>
        <GroupFilter
          value={groupId}
          onChange={(next) => onChange({ ...plainInstants(comparison, now), groupId: next })}
        />
        <InstantChoice
          label="From"
          value={from}
          scans={scans}
          onChange={(instant) => onChange({ ...comparison, from: instant })}
        />
        <InstantChoice
          label="To"
          value={to}
          scans={scans}
          onChange={(instant) => onChange({ ...comparison, to: instant })}
        />
      </FilterBar>
      <div className={classes.presets}>
        {PRESETS.map(({ label, days }) => (
          <Preset
            key={label}
            label={label}
            onChoose={() => onChange({ ...comparison, from: daysBefore(days, now), to: 'now' })}
          />
        ))}
        {last && before && (
          <Preset
            label="Last two scans"
            onChoose={() => onChange({ ...comparison, from: before.id, to: last.id })}
          />
        )}
      </div>
    </>
  );
}

function Preset({ label, onChoose }: { label: string; onChoose: () => void }) {
  return (
    <Button variant="default" size="xs" onClick={onChoose}>
      {label}
    </Button>
  );
}

/** The last scans of a group that have ended, newest first. */
function useEndedScans(groupId: string | undefined) {
  const query = useInfiniteQuery({
    ...scansQuery({ groupId, status: undefined }),
    enabled: groupId !== undefined,
  });
  const scans = query.data?.pages.flatMap((page) => page.items) ?? [];
  return groupId === undefined ? [] : scans.filter(({ finishedAt }) => finishedAt !== null);
}

/** Another group has other scans: only instants stay. */
function plainInstants({ from, to }: Comparison, now: number): Comparison {
  const isInstant = (text: string) => text === 'now' || text.includes('T');
  return { from: isInstant(from) ? from : daysBefore(1, now), to: isInstant(to) ? to : 'now' };
}
