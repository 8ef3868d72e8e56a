import { describeService } from '@netdelta/core/delta/describe-service.ts';
import { countPorts } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import { endpointLine, hostTitle } from '../looks/describe-changes.ts';
import { countOpen, countUp, type ShardsResult } from './run-shards.ts';

const MOST_NAMED = 10;

/** What a scan saw as lines: the hosts that are up with their open ports, then the sum of it. */
export function describeScan({ snapshot, end }: ShardsResult): string[] {
  const { hosts, uncovered } = snapshot;
  const up = hosts.filter(({ status }) => status === 'up');
  return [
    ...up.flatMap(describeHost),
    `Hosts up: ${countUp(hosts)} of ${hosts.length}. Services open: ${countOpen(hosts)}.${end === 'cancelled' ? ' Cancelled.' : ''}`,
    ...describeUncovered(uncovered),
  ];
}

function describeHost(host: HostObservation): string[] {
  const open = host.endpoints.filter(({ state }) => state === 'open');
  const others = describeOthers(host);
  return [
    `${hostTitle(host.address, host.names)} is up (${host.reason})`,
    ...open.map(
      ({ protocol, port, state, service }) =>
        `  ${endpointLine(`${protocol}/${port}`, state, describeService(service))}`,
    ),
    ...(others ? [`  ${others}`] : []),
    '',
  ];
}

/** `98 closed, 2 silent` */
function describeOthers({ endpoints, rest }: HostObservation): string {
  return (['closed', 'filtered', 'silent'] as const)
    .map((state) => {
      const named = endpoints.filter((endpoint) => endpoint.state === state).length;
      const groups = rest.filter((group) => group.state === state);
      const count = groups.reduce((sum, { ports }) => sum + countPorts(ports), named);
      return count > 0 ? `${count} ${state}` : '';
    })
    .filter(Boolean)
    .join(', ');
}

function describeUncovered(uncovered: readonly UncoveredHost[]): string[] {
  const byReason = Map.groupBy(uncovered, ({ reason }) => reason);
  return [...byReason].map(([reason, hosts]) => {
    const named = hosts.slice(0, MOST_NAMED).map(({ address }) => address);
    const more = hosts.length > MOST_NAMED ? ` and ${hosts.length - MOST_NAMED} more` : '';
    return `Not covered (${reason}): ${named.join(', ')}${more}`;
  });
}
