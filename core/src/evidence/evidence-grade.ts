import { ACCEPT } from './likelihood.ts';

/** How well a delta is proven: by an answer or repeated asking; more likely than not; or not. */
export const EVIDENCE_GRADES = ['confirmed', 'probable', 'unverified'] as const;
export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number];

/** The least that evidence must show to be graded. */
export interface Gradable {
  /** The engine's reason of the deciding observation. */
  readonly reason: string;
  /** There when a number of silent scans decided. */
  readonly silence?: unknown;
  /** The probability (0–1) that the delta is real, where it was reckoned. */
  readonly likelihood?: number;
  /** Said already by who confirmed it: then that counts. */
  readonly grade?: EvidenceGrade;
}

const PROBABLE_FROM = 0.5;

/**
 * Grades evidence. Without a likelihood an answer is confirmed, and silence is probable when a
 * number of silent scans in a row decided it.
 */
export function gradeEvidence({ reason, silence, likelihood, grade }: Gradable): EvidenceGrade {
  if (grade) return grade;
  if (likelihood !== undefined) return gradeLikelihood(likelihood);
  if (reason !== 'no-response') return 'confirmed';
  return silence ? 'probable' : 'unverified';
}

function gradeLikelihood(likelihood: number): EvidenceGrade {
  if (likelihood >= ACCEPT) return 'confirmed';
  return likelihood >= PROBABLE_FROM ? 'probable' : 'unverified';
}
