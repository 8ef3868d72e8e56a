import { Link } from '@tanstack/react-router';

interface HostLinkProps {
  readonly groupId: string;
  readonly address: string;
  /** The instant at which it is looked at; none: now. */
  readonly at?: string | undefined;
}

/** An address that leads to its page. */
export function HostLink({ groupId, address, at }: HostLinkProps) {
  return (
    <Link
      to="/hosts/$groupId/$address"
      params={{ groupId, address }}
      search={{ at }}
      className="plain-link mono"
    >
      {address}
    </Link>
  );
}
