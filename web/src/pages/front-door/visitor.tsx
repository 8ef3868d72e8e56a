import { Button } from '@mantine/core';
import type { FrontDoorView } from '@netdelta/core/api/accounts.ts';
import { useDoorLogout } from '../../api/front-door.ts';
import classes from './front-door-page.module.css';

/** Who is logged in here, and the way out. */
export function Visitor({ visitor }: { visitor: NonNullable<FrontDoorView['visitor']> }) {
  const logout = useDoorLogout();
  return (
    <div className={classes.visitor}>
      <span className="quiet wrap">
        {visitor.name}, {visitor.email}
      </span>
      <Button
        size="compact-sm"
        variant="default"
        loading={logout.isPending}
        onClick={() => logout.mutate()}
      >
        Log out
      </Button>
    </div>
  );
}
