import type { DeltaView } from '@netdelta/core/api/scans.ts';
import type { DeltaKind } from '@netdelta/core/delta/kinds.ts';
import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { describeProbes } from '@netdelta/core/evidence/describe-probes.ts';
import { Empty } from '../../components/empty.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProbeTable } from '../../components/probe-table.tsx';
import { keepUnits } from '../../format/keep-units.ts';
import { explainWeighing } from '../../format/weighing.ts';
import classes from './delta-page.module.css';

/** What is told by other means than one observation that could be asked again. */
const BEYOND_ASKING: ReadonlySet<DeltaKind> = new Set([
  'target.added',
  'target.removed',
  'host.moved',
  'host.flapping',
  'host.answersEverything',
  'service.flapping',
  'scanner.blind',
]);

/** Each probe by which a delta was asked again, and what they were weighed with. */
export function DeltaProof({ delta: { kind, evidence } }: { delta: DeltaView }) {
  const { confirmation, likelihood } = evidence;
  if (BEYOND_ASKING.has(kind)) return null;
  if (!confirmation)
    return (
      <Panel title="Asked again">
        <Empty title="It was not asked again">{whyNot(evidence)}</Empty>
      </Panel>
    );
  const { prior, loss, probes } = confirmation;
  const { words, sum } = explainWeighing(evidence);
  return (
    <Panel title="Asked again" note={describeProbes(probes)} flush>
      <div className={classes.weighing}>
        <Facts
          facts={[
            {
              label: 'Likelihood',
              value: likelihood === undefined ? null : <b>{describeProbability(likelihood)}</b>,
            },
            { label: 'Prior', value: `${describeProbability(prior)}, before these probes` },
            {
              label: 'Loss',
              value: `${describeProbability(loss)} of the probes of what is there stay unanswered on this path`,
            },
          ]}
        />
        <p>{keepUnits(words)}</p>
        {sum && <p className="mono wrap">{sum}</p>}
      </div>
      <ProbeTable label="Probes" probes={probes} />
    </Panel>
  );
}

function whyNot({ reason, silence }: DeltaView['evidence']): string {
  if (silence && reason === 'no-response')
    return 'Nothing could be sent in a way in which it had answered before: only the silent scans speak for it.';
  return 'What was seen says it by itself.';
}
