import { ApiFailure } from '../api/client.ts';

/** The problems of a refusal by the field that they are about, as forms show them. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiFailure)) return {};
  const texts = Map.groupBy(error.problems, (problem) => problem.path);
  return Object.fromEntries(
    [...texts].map(([path, problems]) => [path, problems.map(describeProblem).join('; ')]),
  );
}

function describeProblem({ line, text, message }: ApiFailure['problems'][number]): string {
  const place = line === undefined ? '' : `line ${line}: `;
  return text ? `${place}"${text}" ${message}` : `${place}${message}`;
}
