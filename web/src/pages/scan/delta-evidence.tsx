import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { describeRating } from '@netdelta/core/evidence/describe-rating.ts';
import { Link } from '@tanstack/react-router';
import { DeltaSides } from '../../components/delta-sides.tsx';
import { keepUnits } from '../../format/keep-units.ts';

/** Both sides of a delta, why it was reported, and the way to all that speaks for it. */
export function DeltaEvidence({ delta }: { delta: DeltaView }) {
  return (
    <DeltaSides delta={delta}>
      <h3>Why</h3>
      <p>{keepUnits(delta.explanation)}</p>
      {delta.rated && <p>{describeRating(delta.rated)}</p>}
      <p>
        <Link to="/deltas/$deltaId" params={{ deltaId: delta.id }} className="plain-link">
          All of its evidence
        </Link>
      </p>
    </DeltaSides>
  );
}
