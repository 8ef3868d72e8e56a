import { Stack } from '@mantine/core';
import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { describeReason } from '@netdelta/core/evidence/describe-reason.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { deltaQuery } from '../../api/scans.ts';
import { DeltaSides } from '../../components/delta-sides.tsx';
import { Facts } from '../../components/facts.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { keepUnits } from '../../format/keep-units.ts';
import classes from './delta-page.module.css';
import { DeltaProof } from './delta-proof.tsx';
import { DeltaRating } from './delta-rating.tsx';

const route = getRouteApi('/site/deltas/$deltaId');

/** One delta: what changed, why it was reported, and all that speaks for it. */
export function DeltaPage() {
  const { deltaId } = route.useParams();
  const query = useQuery(deltaQuery(deltaId));
  return <Loaded query={query}>{(delta) => <DeltaDetails delta={delta} />}</Loaded>;
}

function DeltaDetails({ delta }: { delta: DeltaView }) {
  return (
    <>
      <PageHeader
        title={delta.sentence}
        trail={[
          <Link key="deltas" to="/deltas" className="plain-link">
            Deltas
          </Link>,
          <GroupLink key="group" id={delta.groupId} name={delta.groupName} />,
        ]}
        facts={
          <>
            <RatingBadge rating={delta.rating} />
            <span>{delta.heading}</span>
            <Moment at={delta.at} absolute />
          </>
        }
      />
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <Panel title="Why it was reported">
            <p className={classes.why}>{keepUnits(delta.explanation)}</p>
          </Panel>
          <Panel title="First observation" note={describeReason(delta.evidence.reason)}>
            <DeltaSides delta={delta} />
          </Panel>
          <DeltaProof delta={delta} />
        </Stack>
        <Stack gap="md" miw={0}>
          <DeltaRating delta={delta} />
          <Places delta={delta} />
        </Stack>
      </div>
    </>
  );
}

/** Where it happened, and where it was first seen. */
function Places({ delta }: { delta: DeltaView }) {
  const { address, groupId, scanId, evidence } = delta;
  // Its target is no address: the scanner stands for itself.
  const target = delta.kind === 'scanner.blind' ? null : delta.target;
  return (
    <Panel title="Where and when">
      <Facts
        facts={[
          { label: 'Host', value: address && <HostLink groupId={groupId} address={address} /> },
          { label: 'Target', value: target && <span className="mono wrap">{target}</span> },
          { label: 'Group', value: <GroupLink id={groupId} name={delta.groupName} /> },
          {
            label: 'Scan',
            value: scanId ? (
              <ScanLink scanId={scanId} at={delta.at} />
            ) : (
              'none: targets were edited'
            ),
          },
          {
            label: 'First silent',
            value: evidence.silence ? <ScanLink {...evidence.silence.since} /> : null,
          },
        ]}
      />
    </Panel>
  );
}

function ScanLink({ scanId, at }: { scanId: string; at: string }) {
  return (
    <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
      <Moment at={at} absolute />
    </Link>
  );
}
