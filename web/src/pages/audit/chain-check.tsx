import { Alert, Button } from '@mantine/core';
import type { AuditCheck } from '@netdelta/core/api/audit.ts';
import { useQuery } from '@tanstack/react-query';
import { auditCheckQuery } from '../../api/audit.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatCount } from '../../format/count.ts';

/** Computes the chain again and says whether all of it is as it was written. */
export function ChainCheck() {
  const query = useQuery(auditCheckQuery);
  return (
    <div aria-live="polite">
      <Button
        variant="default"
        size="xs"
        mb="sm"
        loading={query.isFetching}
        onClick={() => void query.refetch()}
      >
        Check the chain
      </Button>
      {query.data && !query.isFetching && <Outcome check={query.data} />}
      <ErrorPanel error={query.error} />
    </div>
  );
}

function Outcome({ check: { entries, lastHash, broken } }: { check: AuditCheck }) {
  if (broken)
    return (
      <Alert color="red" title={`The chain is broken at entry ${broken.number}`} mb="sm">
        {broken.message} Compare with an export that was made before, and find out who may write
        into the database.
      </Alert>
    );
  return (
    <Alert color="teal" title="Nothing was changed" mb="sm">
      {formatCount(entries, 'entry', 'entries')} checked.
      {lastHash && (
        <>
          {' '}
          The last hash is <span className="mono wrap">{lastHash}</span>. Note it elsewhere: with it
          anybody can tell later that no entry was cut off.
        </>
      )}
    </Alert>
  );
}
