import type { Rating } from '../evidence/rating.ts';
import { type LetterDraft, type LetterLine, type LetterSection, printable } from './letter.ts';
import { type Markup, markup } from './markup.ts';

/*
 * Mail programs drop style sheets and repaint colours. So: inline styles, tables, no image, and text
 * in the program's own colour on its own background; the grey of lines is seen on white and on black.
 */
const FONT = "font-family:'Segoe UI','Helvetica Neue',Arial,sans-serif;font-size:14px";
const MONO = 'font-family:Menlo,Consolas,monospace;font-size:13px';
const LINE = 'border-bottom:1px solid #8a979f';
/** Seen on white and on black; the word beside it says the same. */
const RATING_COLORS: Readonly<Record<Rating, string>> = {
  red: '#d92d20',
  amber: '#d97706',
  green: '#2e9e5b',
};
const TABLE = 'border-collapse:collapse;width:100%;max-width:720px';

/** Writes a letter as an HTML document. Everything that is not ours in it is escaped. */
export function writeLetterHtml(draft: LetterDraft): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${printable(draft.subject)}</title>
</head>
<body style="margin:0;padding:16px;line-height:1.45;${FONT}">
<h1 style="margin:0 0 12px;font-size:20px">${printable(draft.headline)}</h1>
${factTable(draft.facts)}
${countTable(draft.sections)}
${draft.notes.map((note) => markup`<p style="margin:12px 0;padding-left:10px;border-left:3px solid #d97706">${printable(note)}</p>\n`)}
<p style="margin:16px 0"><a href="${draft.link.url}" style="color:inherit;font-weight:bold">${draft.link.label}</a></p>
${draft.sections.map((section) => sectionTable(section, draft.link.url))}
<p style="margin:24px 0 0;font-size:12px">${draft.footer.map((line) => markup`${printable(line)}<br>`)}</p>
</body>
</html>
`;
  return page.html;
}

function factTable(facts: LetterDraft['facts']): Markup {
  return markup`<table role="presentation" style="border-collapse:collapse">${facts.map(
    ([label, value]) =>
      markup`<tr><td style="padding:2px 16px 2px 0">${label}</td><td style="padding:2px 0">${printable(value)}</td></tr>\n`,
  )}</table>`;
}

function countTable(sections: readonly LetterSection[]): Markup {
  return markup`<table style="border-collapse:collapse;margin:12px 0">${sections.map(
    ({ heading, count }) =>
      markup`<tr><td style="padding:2px 12px 2px 0;text-align:right;font-weight:bold">${count}</td><td style="padding:2px 0">${heading}</td></tr>\n`,
  )}</table>`;
}

function lineRow({ text, rating }: LetterLine): Markup {
  const mark = rating
    ? markup`<td style="padding:5px 12px 5px 8px;width:1%;vertical-align:top;border-left:5px solid ${RATING_COLORS[rating]};font-weight:bold;${LINE}">${rating}</td>`
    : markup`<td style="${LINE}"></td>`;
  return markup`<tr>${mark}<td style="padding:5px 0;word-break:break-word;${LINE};${MONO}">${printable(text)}</td></tr>\n`;
}

function sectionTable({ heading, lines, count }: LetterSection, url: string): Markup {
  const more = count - lines.length;
  return markup`<h2 style="margin:20px 0 6px;font-size:16px">${heading} (${count})</h2>
<table style="${TABLE}">${lines.map(lineRow)}</table>
${more > 0 ? markup`<p style="margin:6px 0"><a href="${url}" style="color:inherit">+${more} more</a></p>\n` : markup``}`;
}
