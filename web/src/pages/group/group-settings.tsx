import type { GroupView } from '@netdelta/core/api/groups.ts';
import { Facts } from '../../components/facts.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount } from '../../format/count.ts';
import { describeIdentity } from '../../format/identity.ts';
import { describeSilenceRule } from '../../format/silence-rule.ts';
import classes from './group-page.module.css';

/** What a group asks for, and who is told. */
export function GroupSettings({ group }: { group: GroupView }) {
  return (
    <Panel title="Settings">
      <Facts
        facts={[
          { label: 'Size', value: describeSize(group) },
          { label: 'Targets', value: <TargetText text={group.targets} label="Targets" /> },
          {
            label: 'Exclusions',
            value: group.exclusions && <TargetText text={group.exclusions} label="Exclusions" />,
          },
          { label: 'Profile', value: group.profileName },
          { label: 'Hosts known', value: describeIdentity(group.identity) },
          { label: 'Hosts down', value: describeSilenceRule(group.downAfter) },
          { label: 'Services gone', value: describeSilenceRule(group.serviceDownAfter) },
          {
            label: 'Beacons',
            value: group.beacons.trim() && <TargetText text={group.beacons} label="Beacons" />,
          },
          { label: 'Mail to', value: group.recipients.join(', ') || 'nobody' },
          { label: 'Owner', value: group.owner },
          { label: 'Changed', value: <Moment at={group.updatedAt} /> },
        ]}
      />
    </Panel>
  );
}

function TargetText({ text, label }: { text: string; label: string }) {
  return (
    // A list that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={`${classes.targets} mono`} tabIndex={0} aria-label={label}>
      {text.trim()}
    </section>
  );
}

function describeSize({ addressCount, nameCount }: GroupView): string {
  const addresses = formatCount(addressCount, 'address', 'addresses');
  return nameCount > 0 ? `${addresses} and ${formatCount(nameCount, 'host name')}` : addresses;
}
