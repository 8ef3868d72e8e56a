import {
  mayDo,
  PERMISSIONS,
  type Permission,
  ROLE_TABLE,
  ROLES,
  type Role,
} from '@netdelta/core/access/roles.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';

const NAMES = Object.keys(PERMISSIONS) as Permission[];

/** What each role may do, from the table that the server decides by. */
export function RoleList() {
  return (
    <Panel title="Roles" flush>
      <DataTable label="Roles" columns={COLUMNS} rows={ROLES} rowKey={(role) => role} />
    </Panel>
  );
}

const COLUMNS: readonly Column<Role>[] = [
  { title: 'Role', tight: true, render: (role) => role },
  { title: 'In short', render: (role) => ROLE_TABLE[role].meaning },
  { title: 'May', render: describePermissions },
];

function describePermissions(role: Role): string {
  return NAMES.filter((name) => mayDo(role, name))
    .map((name) => PERMISSIONS[name])
    .join('; ');
}
