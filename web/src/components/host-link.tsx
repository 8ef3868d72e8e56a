import { Link } from '@tanstack/react-router';

/** An address that leads to its page. */
export function HostLink({ groupId, address }: { groupId: string; address: string }) {
  return (
    <Link to="/hosts/$groupId/$address" params={{ groupId, address }} className="plain-link mono">
      {address}
    </Link>
  );
}
