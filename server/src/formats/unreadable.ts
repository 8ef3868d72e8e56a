/** Why a scan file cannot be read further, in words for a person. */
export class UnreadableScan extends Error {
  readonly code = 'unreadable-scan';
  readonly retryable = false;
}
