import type { ComparedHost } from '@netdelta/core/api/past.ts';
import { DeltaMark } from '../../components/delta-mark.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostLink } from '../../components/host-link.tsx';
import classes from './compare-page.module.css';

interface ComparedHostsProps {
  readonly hosts: readonly ComparedHost[];
  readonly withGroup: boolean;
}

/** What changed, host by host; what could not be compared stands below, quietly. */
export function ComparedHosts({ hosts, withGroup }: ComparedHostsProps) {
  return (
    <ul className={classes.hosts}>
      {hosts.map((host) => (
        <li key={`${host.groupId} ${host.address}`} className={classes.host}>
          <div className={classes.name}>
            <HostLink groupId={host.groupId} address={host.address} />
            {host.names.length > 0 && <span className="wrap">{host.names.join(', ')}</span>}
            {withGroup && <GroupLink id={host.groupId} name={host.groupName} />}
          </div>
          <ul className={classes.changes}>
            {host.changes.map(({ kind, sentence }) => (
              <li key={`${kind} ${sentence}`} className={classes.change}>
                <DeltaMark kind={kind} />
                <span className={classes.sentence}>{leaveOutAddress(sentence, host.address)}</span>
              </li>
            ))}
            {host.gaps.map(({ sentence }) => (
              <li key={sentence} className={classes.gap}>
                <span aria-hidden>?</span>
                <span className={classes.sentence}>
                  Not compared: {leaveOutAddress(sentence, host.address)}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** The address stands above already. */
function leaveOutAddress(sentence: string, address: string): string {
  return sentence.startsWith(`${address}: `) ? sentence.slice(address.length + 2) : sentence;
}
