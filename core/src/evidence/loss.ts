/**
 * Probes sent to endpoints that do answer: how many were answered, and how many of them stayed
 * unanswered before. An endpoint that never answered is in neither number: it may not be there.
 */
export interface ProbeCount {
  readonly answered: number;
  readonly unanswered: number;
}
