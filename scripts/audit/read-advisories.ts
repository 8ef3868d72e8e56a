import { z } from 'zod';

/** What the registry knows against the packages that are shipped. */
export type Advisories =
  | { readonly kind: 'answered'; readonly problems: readonly string[] }
  /** Nothing is known: neither that there are some nor that there are none. */
  | { readonly kind: 'no-answer'; readonly why: string };

const answer = z.object({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
    }),
  ),
});
const refusal = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string(), code: z.string().optional() }).partial().optional(),
});

/** Reads what `npm audit --json` printed (npm 7 and newer). Whatever is not its answer is none. */
export function readAdvisories(printed: string): Advisories {
  const json = tryJson(printed);
  const answered = answer.safeParse(json);
  if (answered.success) {
    const problems = Object.entries(answered.data.vulnerabilities).map(([name, found]) => {
      const reasons = found.via.map((via) =>
        typeof via === 'string' ? `through ${via}` : `${via.title} (${via.url})`,
      );
      return `${name} ${found.range}: ${found.severity}. ${reasons.join('; ')}`;
    });
    return { kind: 'answered', problems };
  }
  const { message, error } = refusal.safeParse(json).data ?? {};
  const said = message || error?.summary || error?.code;
  return { kind: 'no-answer', why: said || 'npm printed nothing that can be read' };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
