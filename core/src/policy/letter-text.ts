import { type LetterDraft, type LetterLine, type LetterSection, printable } from './letter.ts';

/** Writes a letter as plain text: the counts first, then each heading with its lines. */
export function writeLetterText(draft: LetterDraft): string {
  const blocks = [
    [printable(draft.headline), ...draft.facts.map(([label, value]) => fact(label, value))],
    draft.sections.map(({ heading, count }) => fact(heading, String(count))),
    ...draft.sections.map((section) => sectionLines(section, draft.link.url)),
    draft.notes.map((note) => `! ${printable(note)}`),
    [`${draft.link.label}: ${draft.link.url}`],
    ['-- ', ...draft.footer.map(printable)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function fact(label: string, value: string): string {
  return `${`${label}:`.padEnd(26)} ${printable(value)}`;
}

const MARK_WIDTH = 'AMBER '.length;

/** The rating in front of a line, all of one width, so that eyes can run down. */
function mark(rating: LetterLine['rating']): string {
  return rating ? rating.toUpperCase().padEnd(MARK_WIDTH) : '';
}

function sectionLines({ heading, lines, count }: LetterSection, url: string): string[] {
  const more = count - lines.length;
  return [
    heading,
    '-'.repeat(heading.length),
    ...lines.map(({ text, rating }) => `${mark(rating)}${printable(text)}`),
    ...(more > 0 ? [`+${more} more: ${url}`] : []),
  ];
}
