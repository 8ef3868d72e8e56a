import { createListingReader, type ListingReader } from '../../formats/nmap/listing-reader.ts';
import { describeFailure, openScanFile } from '../../formats/open-scan-file.ts';
import { unpack } from '../../formats/unpack.ts';
import { type ListedComparison, type ListedFile, listWarnings } from './listed-file.ts';
import { createPairing, type Side, type Telling } from './pair-hosts.ts';

/**
 * Reads two files side by side and compares what they list. Packed ones are unpacked; of what is cut
 * off counts what is whole. All that can be wrong with both is answered, with its place.
 */
export async function readListed<Told>(
  paths: readonly [string, string],
  input: () => AsyncIterable<Uint8Array>,
  telling: Telling<Told>,
): Promise<ListedComparison<Told>> {
  const pairing = createPairing(telling);
  const pace = createPace();
  const read = async (path: string, side: Side) => {
    const { name, bytes } = openScanFile(path, input);
    let hosts = 0;
    const reader = createListingReader((host) => {
      hosts += 1;
      pairing.take(side, host);
    });
    const failure = await pourAll(pace.follow(unpack(bytes), side), reader);
    return decideFile({ name, hosts, reader }, failure);
  };
  const outcomes = await Promise.all([read(paths[0], 0), read(paths[1], 1)]);
  const problems = outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome.problem] : []));
  const [before, after] = outcomes.flatMap((outcome) => ('file' in outcome ? [outcome] : []));
  if (!before || !after) return { ok: false, problems };
  return {
    ok: true,
    files: [before.file, after.file],
    told: pairing.end(),
    warnings: [...before.warnings, ...after.warnings],
  };
}

async function pourAll(
  bytes: AsyncIterable<Uint8Array>,
  reader: ListingReader,
): Promise<string | null> {
  try {
    for await (const chunk of bytes) {
      reader.write(chunk);
      if (reader.problem()) break;
    }
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return describeFailure(error, String(error.code), 'a file that nmap wrote with -oX or -oA');
  }
}

type FileOutcome =
  | { readonly file: ListedFile; readonly warnings: readonly string[] }
  | { readonly problem: string };

const GIVE = 'Give a file that nmap wrote with -oX or -oA.';

function decideFile(
  { name, hosts, reader }: { name: string; hosts: number; reader: ListingReader },
  failure: string | null,
): FileOutcome {
  const facts = reader.end();
  const problem = reader.problem();
  if (problem) {
    const { line, column, message } = problem;
    return { problem: `${name}, line ${line}, column ${column + 1}: ${message}. ${GIVE}` };
  }
  if (failure !== null) return { problem: `${name}: ${failure}.` };
  const at = `${name}, line ${facts.endsAt.line}, column ${facts.endsAt.column + 1}`;
  if (!facts.begun) return { problem: `${at}: it ends before anything of nmap. ${GIVE}` };
  return { file: { name, facts, hosts }, warnings: listWarnings({ name, facts, hosts }, at) };
}

const MOST_AHEAD = 1 << 20;

/** Lets neither of two streams run more than 1 MB ahead of the other, so that their hosts meet. */
function createPace() {
  const read: [number, number] = [0, 0];
  let wake: (() => void) | undefined;
  const tell = () => {
    wake?.();
    wake = undefined;
  };
  async function* follow(bytes: AsyncIterable<Uint8Array>, side: Side) {
    try {
      for await (const chunk of bytes) {
        while (read[side] - read[side === 0 ? 1 : 0] > MOST_AHEAD)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        yield chunk;
        read[side] += chunk.length;
        tell();
      }
    } finally {
      read[side] = Number.POSITIVE_INFINITY;
      tell();
    }
  }
  return { follow };
}
