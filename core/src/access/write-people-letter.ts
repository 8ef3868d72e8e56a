import type { Letter, LetterDraft } from '../policy/letter.ts';
import { writeLetterHtml } from '../policy/letter-html.ts';
import { writeLetterText } from '../policy/letter-text.ts';

/** Writes a mail to one person, which has facts and a link but no deltas. */
export function writePeopleLetter(draft: Omit<LetterDraft, 'sections' | 'notes'>): Letter {
  const whole = { ...draft, sections: [], notes: [] };
  return {
    subject: whole.subject,
    text: writeLetterText(whole),
    html: writeLetterHtml(whole),
  };
}
