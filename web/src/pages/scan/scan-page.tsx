import { Stack } from '@mantine/core';
import type { ScanDetail, ScanView } from '@netdelta/core/api/scans.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useLiveScan } from '../../api/live-scan.ts';
import { isLive, scanDetailQuery } from '../../api/scans.ts';
import { GroupLink } from '../../components/group-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { durationBetween } from '../../format/time.ts';
import { AnalysisVerdict } from './analysis-verdict.tsx';
import { AskedAgain } from './asked-again.tsx';
import { BlindScanner } from './blind-scanner.tsx';
import { CancelScan } from './cancel-scan.tsx';
import { CompareScan } from './compare-scan.tsx';
import { DeltaSections } from './delta-sections.tsx';
import { ExpiredParts } from './expired-parts.tsx';
import { LiveScan } from './live-scan.tsx';
import { ScanProblems } from './scan-problems.tsx';
import { SettingsComparison } from './settings-comparison.tsx';
import { UncoveredHosts } from './uncovered-hosts.tsx';

const route = getRouteApi('/site/scans/$scanId');

/** A scan: how far it is while it runs, and its Delta Analysis afterwards. */
export function ScanPage() {
  const { scanId } = route.useParams();
  const query = useQuery(scanDetailQuery(scanId));
  useLiveScan(scanId, query.data !== undefined && isLive(query.data.scan));
  return <Loaded query={query}>{(detail) => <ScanDetails detail={detail} />}</Loaded>;
}

function ScanDetails({ detail }: { detail: ScanDetail }) {
  const { scan } = detail;
  const live = isLive(scan);
  return (
    <>
      <PageHeader
        title={live ? `Scan of ${scan.groupName}` : 'Delta Analysis'}
        trail={[
          <Link key="scans" to="/scans" className="plain-link">
            Scans
          </Link>,
          <GroupLink key="group" id={scan.groupId} name={scan.groupName} />,
        ]}
        facts={<ScanFacts detail={detail} />}
        actions={
          live ? (
            <May do="scan">
              <CancelScan scan={scan} />
            </May>
          ) : (
            <CompareScan detail={detail} />
          )
        }
      />
      <Stack gap="md">
        <BlindScanner detail={detail} />
        {live ? <LiveScan scan={scan} /> : <AnalysisVerdict detail={detail} />}
        <ExpiredParts detail={detail} />
        <ScanProblems problems={scan.problems} />
        {!live && <AskedAgain cost={detail.confirmation} />}
        {!live && scan.deltaCount > 0 && !detail.historyExpiredAt && (
          <DeltaSections scanId={scan.id} />
        )}
        <UncoveredHosts detail={detail} />
        <SettingsComparison settings={detail.settings} previous={detail.previous} />
      </Stack>
    </>
  );
}

function ScanFacts({ detail: { scan } }: { detail: ScanDetail }) {
  const took = durationBetween(scan.startedAt, scan.finishedAt);
  return (
    <>
      <StateBadge state={scan.status} />
      <span>
        {scan.finishedAt ? 'Ended ' : 'Started '}
        <Moment at={scan.finishedAt ?? scan.startedAt} absolute never="not yet" />
      </span>
      {took && <span>took {took}</span>}
      <span className="wrap">{describeOrigin(scan)}</span>
    </>
  );
}

function describeOrigin({ trigger, startedBy, fileName }: ScanView): string {
  if (trigger === 'schedule') return 'by schedule';
  const person = startedBy ? ` by ${startedBy}` : '';
  if (trigger === 'import') return `imported from ${fileName ?? 'a file'}${person}`;
  return person.trim() || 'by hand';
}
