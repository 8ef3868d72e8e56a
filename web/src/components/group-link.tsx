import { Link } from '@tanstack/react-router';

/** A group's name that leads to its page. */
export function GroupLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/groups/$groupId" params={{ groupId: id }} className="plain-link wrap">
      {name}
    </Link>
  );
}
