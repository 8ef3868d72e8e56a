import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { openScanFile } from '../open-scan-file.ts';
import { readScanFile } from '../read-scan-file.ts';

/** Reads a file and keeps nothing. Words: `ours`, or `saxes` without a single listener; the file. */
async function main([by = '', file = '']: readonly string[]): Promise<void> {
  if (by === 'saxes') await readBySaxes(file);
  else {
    const source = openScanFile(file, () => process.stdin);
    const outcome = await readScanFile(source, { onHost: () => undefined });
    if (!outcome.ok) throw new Error(outcome.problem);
  }
}

async function readBySaxes(file: string): Promise<void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder();
  for await (const chunk of createReadStream(file))
    parser.write(decoder.decode(chunk as Buffer, { stream: true }));
  parser.close();
}

await main(process.argv.slice(2));
