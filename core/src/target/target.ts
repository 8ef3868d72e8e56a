/** One normalised line of a group's targets. Addresses are in canonical text (RFC 5952 for IPv6). */
export type Target =
  | { readonly kind: 'range'; readonly text: string; readonly first: string; readonly last: string }
  | { readonly kind: 'name'; readonly text: string };

/** Why a line of targets was refused. `line` counts from 1; `text` is the line's offending part. */
export interface TargetProblem {
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

/** What a group asks for: its targets less its exclusions, both normalised and without overlap. */
export interface TargetSet {
  readonly targets: readonly Target[];
  readonly exclusions: readonly Target[];
}
