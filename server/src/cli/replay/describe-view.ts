import type { ReplayedDelta, ReplayedScan, ReplayView } from '@netdelta/core/api/replay.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import { describeReplay } from '@netdelta/core/policy/describe-replay.ts';
import { printable } from '../looks/printable.ts';

/**
 * A replay in lines: a table of the scans that told something or would have, what differs below
 * each, remarks, and the sum in the last line.
 */
export function describeView(
  { scans, totals, expired, unstored }: ReplayView,
  timeZone: string,
): string[] {
  const compared = scans.filter(({ learns }) => !learns);
  const eventful = compared.filter(({ told, wouldTell }) => told > 0 || wouldTell > 0);
  const rows = eventful.flatMap((scan) => describeScan(scan, timeZone));
  const [first] = scans;
  return [
    ...(rows.length > 0 ? [cells('scan', 'told', 'would tell'), ...rows, ''] : []),
    ...(first
      ? [`# the scan of ${describeMoment(first.at, timeZone)} is the first: it only learns`]
      : []),
    ...remark(compared.length - eventful.length, 'told nothing, and would not have'),
    ...remark(expired, 'left out: retention took what they saw'),
    ...remark(unstored, 'left out: what they saw is not stored'),
    ...(totals.unexplained > 0
      ? [
          `# ${totals.unexplained} told for other reasons, such as edited targets: taken as they are`,
        ]
      : []),
    describeReplay(compared.length, totals),
  ];
}

function remark(scans: number, what: string): string[] {
  return scans > 0 ? [`# ${scans === 1 ? '1 scan' : `${scans} scans`} ${what}`] : [];
}

const WIDTH = 28;

function cells(moment: string, told: string, wouldTell: string): string {
  return `${moment.padEnd(WIDTH)}${told.padStart(6)}${wouldTell.padStart(12)}`;
}

function describeScan(scan: ReplayedScan, timeZone: string): string[] {
  const moment = describeMoment(scan.at, timeZone);
  const differing = scan.deltas.filter(isDifferent);
  return [
    cells(moment, String(scan.told), String(scan.wouldTell)),
    ...differing.map((delta) => `  ${printable(describeDifference(delta))}`),
    ...(scan.leftOut > 0 ? [`  # ${scan.leftOut} more differ`] : []),
  ];
}

function isDifferent({ told, ratingThen, ratingNow }: ReplayedDelta): boolean {
  return told !== 'both' || ratingThen !== ratingNow;
}

function describeDifference(delta: ReplayedDelta): string {
  const { told, sentence, why, ratingThen, ratingNow } = delta;
  if (told === 'both') return `~ ${sentence} [was ${ratingThen}, would be ${ratingNow}]`;
  const sign = told === 'now' ? '+' : '-';
  return `${sign} ${sentence} [${[why, describeShift(delta)].filter(Boolean).join('; ')}]`;
}

/** Said once, where the delta was told then. */
function describeShift({ told, shift }: ReplayedDelta): string | null {
  if (told !== 'then' || shift === null) return null;
  const scans = Math.abs(shift) === 1 ? '1 scan' : `${Math.abs(shift)} scans`;
  return `told ${scans} ${shift > 0 ? 'later' : 'earlier'}`;
}
