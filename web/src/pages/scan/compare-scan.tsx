import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { ButtonLink } from '../../components/button-link.tsx';

/** The ways from a scan to what changed before and since. */
export function CompareScan({ detail: { scan, previous } }: { detail: ScanDetail }) {
  const { id, groupId } = scan;
  return (
    <>
      {previous?.finishedAt && (
        <ButtonLink to="/compare" search={{ from: previous.scanId, to: id, groupId }}>
          Compare with the scan before
        </ButtonLink>
      )}
      {scan.finishedAt && (
        <ButtonLink to="/compare" search={{ from: id, to: 'now', groupId }}>
          Compare with now
        </ButtonLink>
      )}
    </>
  );
}
