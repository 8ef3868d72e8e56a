import { readCommand } from '@netdelta/core/profile/read-command.ts';
import {
  type AddressRange,
  compareRanges,
  parseAddress,
} from '@netdelta/core/target/address-range.ts';
import { formatRange } from '@netdelta/core/target/target-ranges.ts';
import { readScanFile } from '../formats/read-scan-file.ts';
import { type InspectedFile, openScan } from './inspect-file.ts';

/**
 * Targets for a group that these files are the past of, one a line: what their command lines asked
 * for certain; where one tells nothing, or all of it is more than `limit` addresses, the hosts that
 * the files list.
 */
export async function deriveTargets(
  files: readonly InspectedFile[],
  limit: number,
): Promise<string> {
  const asked = files.map(({ run }) => readCommand(run.args).asked);
  const unclear = files.filter((_, index) => asked[index]?.length === 0);
  const ranges = joinRanges([...asked.flat(), ...(await listAddresses(unclear))]);
  const fits = countRanges(ranges) <= BigInt(limit);
  return writeTargets(fits ? ranges : joinRanges(await listAddresses(files)));
}

function writeTargets(ranges: readonly AddressRange[]): string {
  return ranges.map((range) => formatRange(range).text).join('\n');
}

async function listAddresses(files: readonly InspectedFile[]): Promise<AddressRange[]> {
  const found = new Set<string>();
  for (const { path } of files) {
    const onHost = ({ host }: { host: { address: string } }) => void found.add(host.address);
    await readScanFile({ name: path, bytes: openScan(path) }, { onHost });
  }
  return [...found].flatMap((text) => {
    const address = parseAddress(text);
    return address ? [{ family: address.family, first: address.value, last: address.value }] : [];
  });
}

/** Sorts ranges and joins those that overlap or touch. */
function joinRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const joined: AddressRange[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const last = joined.at(-1);
    if (!last || last.family !== range.family || range.first > last.last + 1n) joined.push(range);
    else if (range.last > last.last) joined[joined.length - 1] = { ...last, last: range.last };
  }
  return joined;
}

function countRanges(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}
