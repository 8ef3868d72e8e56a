const PLAIN = /^[\w@%+=:,./-]+$/;

/** Writes an argument list as one could type it in a shell; anything unusual is put in single quotes. */
export function formatCommand(command: readonly string[]): string {
  return command
    .map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
