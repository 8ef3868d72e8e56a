import { UnreadableScan } from '../unreadable.ts';

/** Ten times the longest banner of masscan, escaped (out-json.c). Characters. */
const LONGEST_RECORD = 4 * 1024 * 1024;

/** Refuses a line or record that would have to be held in memory and is longer than masscan's. */
export function refuseLong(length: number): void {
  if (length > LONGEST_RECORD)
    throw new UnreadableScan(
      `a record is longer than ${LONGEST_RECORD >> 20} MB, which masscan never writes: refused`,
    );
}

/** The message of what is wrong with the file; throws on what is wrong with us. */
export function describeProblem(error: unknown): string {
  if (error instanceof UnreadableScan) return error.message;
  throw error;
}
