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

/** The problems of a list's items (`recipients.0` …), each with the item; undefined when there are none. */
export function itemErrors(
  errors: Readonly<Record<string, unknown>>,
  path: string,
  items: readonly string[],
): string | undefined {
  const texts = Object.entries(errors).filter(
    ([place]) => place === path || place.startsWith(`${path}.`),
  );
  const named = texts.map(([place, text]) => {
    const item = items[Number(place.slice(path.length + 1))];
    return item && place !== path ? `"${item}" ${String(text)}` : String(text);
  });
  return named.join('; ') || undefined;
}
