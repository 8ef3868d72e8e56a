import type { HostDetail } from '@netdelta/core/api/hosts.ts';
import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { ACCEPT } from '@netdelta/core/evidence/likelihood.ts';
import type { DownAfter } from '@netdelta/core/host/silence-rule.ts';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { Facts } from '../../components/facts.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount } from '../../format/count.ts';
import { keepUnits } from '../../format/keep-units.ts';
import { describeSilenceRule } from '../../format/silence-rule.ts';
import classes from './host-page.module.css';

/** The status of a host in words, and when it was seen. */
export function HostFacts({ detail }: { detail: HostDetail }) {
  const { host, firstSeenAt, lastSeenAt, lastCoveredAt } = detail;
  const meaning = HOST_STATUSES.find(({ name }) => name === host.status)?.meaning ?? '';
  return (
    <Panel title="Status">
      <div className={classes.status}>
        <HostStatusBadge status={host.status} />
      </div>
      <p className={classes.meaning}>
        {meaning}
        {host.status === 'MISSED' && (
          <>
            . Silent since <Moment at={host.statusSince} absolute />.{' '}
            {keepUnits(describeSilence(detail))}
          </>
        )}
      </p>
      <Facts
        facts={[
          { label: 'Since', value: <Moment at={host.statusSince} absolute /> },
          { label: 'First seen up', value: <Moment at={firstSeenAt} absolute /> },
          { label: 'Last seen up', value: <Moment at={lastSeenAt} absolute /> },
          { label: 'Last asked', value: <Moment at={lastCoveredAt} absolute /> },
          { label: 'System', value: host.os },
          { label: 'MAC address', value: host.mac && <span className="mono">{host.mac}</span> },
          { label: 'Maker', value: host.macVendor },
        ]}
      />
    </Panel>
  );
}

function describeSilence({ host, downAfter, silenceLikelihood }: HostDetail): string {
  const silent = `It has not answered in ${formatCount(host.silentScans, 'scan')}${host.silentScans === 1 ? '' : ' in a row'}`;
  const gone =
    silenceLikelihood === null
      ? ''
      : `, gone with a probability of ${describeProbability(silenceLikelihood)}`;
  return `${silent}${gone}; it counts as down ${describeLimit(downAfter)}.`;
}

function describeLimit(rule: DownAfter): string {
  return rule === 'evidence' ? `from ${describeProbability(ACCEPT)} on` : describeSilenceRule(rule);
}
