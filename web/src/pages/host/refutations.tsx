import type { HostDetail, RefutationView } from '@netdelta/core/api/hosts.ts';
import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { Link } from '@tanstack/react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProbeTable } from '../../components/probe-table.tsx';
import { keepUnits } from '../../format/keep-units.ts';

/** What of a host looked changed to a scan and was not: why there was no alarm. */
export function Refutations({ refutations }: Pick<HostDetail, 'refutations'>) {
  return (
    <Panel title="Looked changed, and was not" flush>
      {refutations.length > 0 ? (
        <DataTable
          label="Looked changed, and was not"
          columns={COLUMNS}
          rows={refutations}
          rowKey={({ at, endpoint, kind }) => `${at} ${endpoint} ${kind}`}
          detail={(refutation) => <Proof refutation={refutation} />}
        />
      ) : (
        <Empty title="No false alarm was avoided here">
          What a scan sees too weakly to believe is asked again. When that shows that nothing has
          changed, it is told here and nowhere else.
        </Empty>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<RefutationView>[] = [
  {
    title: 'What',
    tight: true,
    render: ({ endpoint }) =>
      endpoint ? <span className="mono">{endpoint}</span> : 'the whole host',
  },
  { title: 'Why it was not reported', render: ({ explanation }) => keepUnits(explanation) },
  {
    title: 'When',
    tight: true,
    render: ({ at, scanId }) => (
      <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
        <Moment at={at} />
      </Link>
    ),
  },
];

function Proof({ refutation: { probes, prior, loss } }: { refutation: RefutationView }) {
  if (probes.length === 0) return <p>It was asked once more what it is, and said the same.</p>;
  return (
    <>
      <p>
        Before it was asked, the probability of a change was {describeProbability(prior)}; of what
        is there, {describeProbability(loss)} of the probes on this path stay unanswered.
      </p>
      <ProbeTable label="Probes" probes={probes} />
    </>
  );
}
