import { Stack } from '@mantine/core';
import type { PastHost } from '@netdelta/core/api/past.ts';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { pastHostQuery } from '../../api/past.ts';
import { AsOfBanner } from '../../components/as-of-banner.tsx';
import { Empty } from '../../components/empty.tsx';
import { EverythingBadge } from '../../components/everything-badge.tsx';
import { Facts } from '../../components/facts.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import classes from './host-page.module.css';
import { ServiceTable } from './service-table.tsx';

interface PastHostProps {
  readonly groupId: string;
  readonly address: string;
  readonly at: string;
}

/** One host as it was believed at an instant. */
export function PastHostView({ groupId, address, at }: PastHostProps) {
  const query = useQuery(pastHostQuery(groupId, address, at));
  return <Loaded query={query}>{(then) => <HostThen then={then} written={at} />}</Loaded>;
}

function HostThen({ then, written }: { then: PastHost; written: string }) {
  const { host, services, at, answersEverything } = then;
  const { groupId, address, names } = host;
  return (
    <>
      <PageHeader
        title={address}
        exact
        trail={[
          <Link key="hosts" to="/hosts" search={{ at: written }} className="plain-link">
            Hosts
          </Link>,
          <GroupLink key="group" id={groupId} name={host.groupName} />,
        ]}
        facts={
          (answersEverything || names.length > 0) && (
            <>
              {answersEverything && <EverythingBadge />}
              {names.length > 0 && <span className="wrap">{names.join(', ')}</span>}
            </>
          )
        }
      />
      <AsOfBanner at={at.at}>
        <Link
          to="/hosts/$groupId/$address"
          params={{ groupId, address }}
          search={{}}
          className="plain-link"
        >
          Back to now
        </Link>
        <Link to="/compare" search={{ from: written, to: 'now', groupId }} className="plain-link">
          What has changed since
        </Link>
      </AsOfBanner>
      <div className={classes.columns}>
        <Panel title="Services" flush>
          {services.length > 0 ? (
            <ServiceTable label="Services" services={services} />
          ) : (
            <Empty title="No open service was known" />
          )}
        </Panel>
        <Stack gap="md" miw={0}>
          <StatusThen then={then} />
        </Stack>
      </div>
    </>
  );
}

function StatusThen({ then: { host, known } }: { then: PastHost }) {
  const meaning = HOST_STATUSES.find(({ name }) => name === host.status)?.meaning ?? '';
  const ports = (list: string) => list && <span className="mono wrap">{list}</span>;
  return (
    <Panel title="Status">
      <div className={classes.status}>
        <HostStatusBadge status={host.status} />
      </div>
      <p className={classes.meaning}>{meaning}</p>
      <Facts
        facts={[
          { label: 'Since', value: <Moment at={host.statusSince} absolute /> },
          { label: 'System', value: host.os },
          { label: 'MAC address', value: host.mac && <span className="mono">{host.mac}</span> },
          { label: 'Maker', value: host.macVendor },
          { label: 'Asked TCP ports', value: ports(known.tcp) },
          { label: 'Asked UDP ports', value: ports(known.udp) },
        ]}
      />
    </Panel>
  );
}
