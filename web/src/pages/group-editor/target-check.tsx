import { Alert, Spoiler } from '@mantine/core';
import type { TargetsRequest, TargetsView } from '@netdelta/core/api/groups.ts';
import { useQuery } from '@tanstack/react-query';
import { targetsQuery } from '../../api/groups.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { LineProblems } from '../../components/line-problems.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import classes from './target-check.module.css';

interface TargetCheckProps {
  readonly targets: TargetsRequest;
  readonly onShowLine: (field: 'targets' | 'exclusions', line: number) => void;
}

/** What the typed targets make, and every problem with its line. */
export function TargetCheck({ targets, onShowLine }: TargetCheckProps) {
  const { data, error } = useQuery(targetsQuery(targets));
  if (error) return <ErrorPanel error={error} title="The targets could not be checked" />;
  if (!data || (!targets.targets.trim() && !targets.exclusions.trim())) return null;
  return (
    <div aria-live="polite">
      <LineProblems
        problems={data.problems}
        label={({ field }) => (field === 'exclusions' ? 'Exclusions, line' : 'Line')}
        onShow={({ field, line }) => onShowLine(field, line)}
      />
      <Size view={data} />
      {data.outsideScope && (
        <Alert color="yellow" mt="xs" mb="xs" title="Scans of these targets are refused">
          {data.outsideScope}
        </Alert>
      )}
      {data.normalised.length > 0 && (
        <Spoiler
          maxHeight={44}
          showLabel="Show all"
          hideLabel="Show less"
          classNames={{ control: classes.more }}
        >
          <p className={`${classes.normalised} mono`}>{data.normalised.join(', ')}</p>
        </Spoiler>
      )}
    </div>
  );
}

function Size({ view: { addressCount, nameCount, limit } }: { view: TargetsView }) {
  const tooMany = addressCount > limit;
  return (
    <p className={classes.size} data-too-many={tooMany}>
      <strong>{formatCount(addressCount, 'address', 'addresses')}</strong>
      {nameCount > 0 && ` and ${formatCount(nameCount, 'host name')}`}
      <span className={tooMany ? undefined : 'quiet'}>
        {tooMany
          ? `, more than the ${formatNumber(limit)} that this site's groups hold together`
          : ` of at most ${formatNumber(limit)}`}
      </span>
    </p>
  );
}
