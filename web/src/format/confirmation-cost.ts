import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { describeSeconds } from '@netdelta/core/evidence/describe-probes.ts';
import { formatCount, formatNumber } from './count.ts';

type Cost = NonNullable<ScanDetail['confirmation']>;

/**
 * Says what asking again cost a scan and what it found:
 * `14 doubts were asked again with 61 probes in 3.8 s: 12 were false alarms, 2 are real. …`
 */
export function describeConfirmationCost(cost: Cost): string {
  const asked = cost.refuted + cost.confirmed + cost.undecided;
  return [describeFound(cost, asked), describeUnasked(cost), describeLoss(cost)]
    .filter(Boolean)
    .join(' ');
}

function describeFound({ probes, ms, refuted, confirmed, undecided }: Cost, asked: number): string {
  if (asked === 0) return 'Nothing that this scan saw was in doubt.';
  const found = [
    refuted > 0 &&
      `${formatNumber(refuted)} ${refuted === 1 ? 'was a false alarm' : 'were false alarms'}`,
    confirmed > 0 && `${formatNumber(confirmed)} ${confirmed === 1 ? 'is' : 'are'} real`,
    undecided > 0 && `${formatNumber(undecided)} ${undecided === 1 ? 'remains' : 'remain'} open`,
  ];
  const doubts = formatCount(asked, 'doubt was', 'doubts were');
  return `${doubts} asked again with ${formatCount(probes, 'probe')} in ${describeSeconds(ms)}: ${found.filter(Boolean).join(', ')}.`;
}

function describeUnasked({ unasked }: Cost): string {
  if (unasked === 0) return '';
  return `${formatCount(unasked, 'doubt')} could not be asked in the way in which ${unasked === 1 ? 'it' : 'each'} had last answered.`;
}

function describeLoss({ loss }: Cost): string {
  if (loss === null) return '';
  // Some loss is always assumed; how little of less than one in a hundred, nobody needs to know.
  return `This path loses ${loss < 0.01 ? 'less than 1 %' : describeProbability(loss)} of the probes.`;
}
