import { describeRefusal, mayDo, type Permission } from '@netdelta/core/access/roles.ts';
import type { ReactNode } from 'react';
import classes from './may.module.css';
import { useSession } from './session-context.tsx';

/** Whether who is logged in may do this here. The server decides; pages only offer what it allows. */
export function useMay(permission: Permission): boolean {
  return mayDo(useSession().role, permission);
}

interface MayProps {
  readonly do: Permission;
  readonly children: ReactNode;
}

/** Shows what only those see who may do it: buttons and links to editors. */
export function May({ do: permission, children }: MayProps) {
  return useMay(permission) ? children : null;
}

/** A form that those who may not change anything can read, with the reason why they cannot. */
export function Editable({ do: permission, children }: MayProps) {
  const may = useMay(permission);
  return (
    <>
      {!may && <p className={classes.refusal}>{describeRefusal(permission)}</p>}
      <fieldset disabled={!may} className={classes.fields}>
        {children}
      </fieldset>
    </>
  );
}
