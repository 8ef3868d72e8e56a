/** What tells when a scan began, in the first words of nmap's and masscan's files. */
const TIMES = [
  /<nmaprun [^>]*\bstart="(\d{1,12})"/,
  /"timestamp":\s*"?(\d{1,12})/,
  /^(?:open|banner) \w+ \d+ \S+ (\d{1,12})/m,
];
const HEAD_BYTES = 65_536;

/** When the scan of a file began, seconds since 1970, by its beginning; infinite: it does not tell. */
export function startOf(head: string): number {
  for (const pattern of TIMES) {
    const seconds = pattern.exec(head)?.[1];
    if (seconds !== undefined) return Number(seconds);
  }
  return Number.POSITIVE_INFINITY;
}

/** Files in the order of their scans, the oldest first: nothing can be imported before what is newer. */
export async function orderByTime(files: readonly File[]): Promise<File[]> {
  const dated = await Promise.all(
    files.map(async (file) => ({ file, start: startOf(await readHead(file)) })),
  );
  return dated
    .sort((a, b) => a.start - b.start || a.file.name.localeCompare(b.file.name))
    .map(({ file }) => file);
}

async function readHead(file: File): Promise<string> {
  const head = file.slice(0, HEAD_BYTES);
  if (!/\.gz$/i.test(file.name)) return head.text();
  const reader = head.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  // The beginning of a packed file ends in the middle: what came before that is enough.
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  await reader.cancel().catch(() => undefined);
  return new TextDecoder().decode(value);
}
