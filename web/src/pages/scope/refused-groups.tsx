import { Alert } from '@mantine/core';
import type { ScopeView } from '@netdelta/core/api/scope.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { GroupLink } from '../../components/group-link.tsx';
import { formatCount } from '../../format/count.ts';
import classes from './scope-page.module.css';

/** Groups whose next scan the scope forbids. */
export function RefusedGroups({ groups }: { groups: ScopeView['refusedGroups'] }) {
  if (groups.length === 0) return null;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle />}
      title={`Scans of ${formatCount(groups.length, 'group')} are refused`}
    >
      <ul className={classes.refused}>
        {groups.map(({ id, name, reason }) => (
          <li key={id}>
            <div>
              <GroupLink id={id} name={name} />
            </div>
            <div>{reason}</div>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
