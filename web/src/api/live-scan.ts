import { type ScanDetail, scanView } from '@netdelta/core/api/scans.ts';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isLive, scanDetailQuery } from './scans.ts';

const RECONNECT_MS = 3_000;

/**
 * Keeps the detail of a live scan up to date by its event stream; when the scan ends, everything
 * that it may have changed is loaded again. Does nothing while `live` is false.
 */
export function useLiveScan(id: string, live: boolean): void {
  const client = useQueryClient();
  useEffect(() => (live ? followScan(client, id) : undefined), [client, id, live]);
}

function followScan(client: QueryClient, id: string): () => void {
  let source: EventSource;
  let timer: number | undefined;
  const connect = () => {
    source = new EventSource(`api/v1/scans/${id}/events`);
    source.addEventListener('scan', ({ data }) => applyEvent(client, id, data));
    source.addEventListener('error', () => {
      void client.invalidateQueries({ queryKey: scanDetailQuery(id).queryKey });
      // A broken line is mended by the browser itself; only a refusal closes the source.
      if (source.readyState === EventSource.CLOSED)
        timer = window.setTimeout(connect, RECONNECT_MS);
    });
  };
  connect();
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}

function applyEvent(client: QueryClient, id: string, data: string): void {
  const scan = scanView.parse(JSON.parse(data));
  if (!isLive(scan)) {
    void client.invalidateQueries();
    return;
  }
  client.setQueryData(scanDetailQuery(id).queryKey, (detail: ScanDetail | undefined) =>
    detail ? { ...detail, scan } : detail,
  );
}
