import { Link } from '@tanstack/react-router';
import { DoorFrame } from '../../components/door-frame.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <DoorFrame title="There is no such page">
      <p>
        The address may be mistyped, or what it showed has been deleted.{' '}
        <Link to="/" className="plain-link">
          Go to the overview
        </Link>
      </p>
    </DoorFrame>
  );
}
