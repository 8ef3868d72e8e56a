import { Stack } from '@mantine/core';
import type { HostDetail } from '@netdelta/core/api/hosts.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { hostQuery } from '../../api/hosts.ts';
import { DeltaList } from '../../components/delta-list.tsx';
import { Empty } from '../../components/empty.tsx';
import { EverythingBadge } from '../../components/everything-badge.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { HostFacts } from './host-facts.tsx';
import classes from './host-page.module.css';
import { HostRules } from './host-rules.tsx';
import { PastHostView } from './past-host.tsx';
import { Refutations } from './refutations.tsx';
import { ServiceTable } from './service-table.tsx';
import { StatusHistory } from './status-history.tsx';

const route = getRouteApi('/site/hosts/$groupId/$address');

/** One host: what is believed of it, since when, and how it came to be; or as it was at an instant. */
export function HostPage() {
  const { groupId, address } = route.useParams();
  const { at } = route.useSearch();
  return at === undefined ? (
    <HostNow groupId={groupId} address={address} />
  ) : (
    <PastHostView groupId={groupId} address={address} at={at} />
  );
}

function HostNow({ groupId, address }: { groupId: string; address: string }) {
  const query = useQuery(hostQuery(groupId, address));
  return <Loaded query={query}>{(detail) => <HostDetails detail={detail} />}</Loaded>;
}

function HostDetails({ detail }: { detail: HostDetail }) {
  const { host, services, pastServices, deltas } = detail;
  return (
    <>
      <PageHeader
        title={host.address}
        exact
        trail={[
          <Link key="hosts" to="/hosts" className="plain-link">
            Hosts
          </Link>,
          <GroupLink key="group" id={host.groupId} name={host.groupName} />,
        ]}
        facts={
          (detail.answersEverything || host.names.length > 0) && (
            <>
              {detail.answersEverything && <EverythingBadge />}
              {host.names.length > 0 && <span className="wrap">{host.names.join(', ')}</span>}
            </>
          )
        }
      />
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <Panel title="Services" flush>
            {services.length > 0 ? (
              <ServiceTable label="Services" services={services} />
            ) : (
              <Empty title="No open service is known" />
            )}
          </Panel>
          {pastServices.length > 0 && (
            <Panel title="Past services" flush>
              <ServiceTable label="Past services" services={pastServices} />
            </Panel>
          )}
          <Panel title="Deltas" flush>
            {deltas.length > 0 ? (
              <DeltaList deltas={deltas} about="host" />
            ) : (
              <Empty title="Nothing has changed here" />
            )}
          </Panel>
          <Refutations refutations={detail.refutations} />
        </Stack>
        <Stack gap="md" miw={0}>
          <HostFacts detail={detail} />
          <HostRules detail={detail} />
          <StatusHistory statuses={detail.statuses} />
        </Stack>
      </div>
    </>
  );
}
