import type { Delta } from '../delta/delta.ts';
import { describeDelta, describeNewServices, type WriteMoment } from '../delta/describe-delta.ts';
import { describeMoment } from '../delta/describe-moment.ts';
import { groupByHeading } from '../delta/group-by-heading.ts';
import type { DeltaHeading, DeltaKind } from '../delta/kinds.ts';
import { describeLastSeen, RATING_MEANINGS } from '../evidence/describe-rating.ts';
import { RATINGS, type Rated, type Rating } from '../evidence/rating.ts';
import {
  type Letter,
  type LetterDraft,
  type LetterLine,
  type LetterSection,
  printable,
} from './letter.ts';
import { writeLetterHtml } from './letter-html.ts';
import { writeLetterText } from './letter-text.ts';

/** Whom and what a letter is about. `url` is the scan's page; `timeZone` the site's (IANA). */
export interface AlertOccasion {
  readonly siteName: string;
  readonly groupName: string;
  readonly timeZone: string;
  /** How the site writes dates. */
  readonly dateLocale: string;
  readonly url: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly problems: readonly { readonly what: string; readonly message: string }[];
}

/** A delta as a letter tells it. */
export type AlertDelta = Delta & { readonly rated?: Rated | null };

export interface AlertFacts extends AlertOccasion {
  /** When the scan that this one was compared with had ended (ISO 8601). */
  readonly previousFinishedAt: string | null;
  /** Some addresses were not finished: `partial`. */
  readonly partial: boolean;
  readonly deltas: readonly AlertDelta[];
  /** How many there are under each heading, when `deltas` holds only the first of each kind. */
  readonly counts?: Partial<Record<DeltaHeading, number>>;
  /** How many there are of each rating, when `deltas` holds only the first of each kind. */
  readonly ratings?: Readonly<Record<Rating, number>>;
  /** How many deltas there are in all, when `deltas` does not hold all. */
  readonly total?: number;
}

/** A mail shows so many lines under each heading; the page shows all. */
export const LINES_SHOWN = 20;

/** Composes the mail about a scan that found changes. Pure: the same facts give the same mail. */
export function composeAlert(facts: AlertFacts): Letter {
  const changes = plural(facts.total ?? facts.deltas.length, 'change', 'changes');
  const group = printable(facts.groupName);
  return write({
    subject: `NetDelta found ${changes} in ${group}`,
    headline: `${changes} in ${group}`,
    facts: [
      ['Site', facts.siteName],
      ['Scan ended', momentOf(facts, facts.finishedAt)],
      ['Compared with the scan of', previousMoment(facts)],
      ...ratingFact(facts),
    ],
    sections: sectionsOf(facts),
    notes: notesOf(facts),
    link: { label: 'See the whole Delta Analysis', url: facts.url },
    footer: [...legendOf(facts), ...footerOf(facts, 'that finds a change')],
  });
}

/** Composes the mail about a scan that failed: nothing was compared, so nothing is known of changes. */
export function composeFailureAlert(occasion: AlertOccasion): Letter {
  const group = printable(occasion.groupName);
  const reason = occasion.problems[0]?.message ?? 'no reason was recorded';
  return write({
    subject: `Scan of ${group} failed: ${shorten(printable(reason))}`,
    headline: `The scan of ${group} failed`,
    facts: [
      ['Site', occasion.siteName],
      ['Scan ended', momentOf(occasion, occasion.finishedAt)],
    ],
    sections: [],
    notes: [
      ...occasion.problems.map(describeProblem),
      'Nothing was compared: what was known of the group still stands, and the next scan is compared with it.',
    ],
    link: { label: 'See the scan', url: occasion.url },
    footer: footerOf(occasion, 'that fails'),
  });
}

/** Composes the mail that only proves that mail arrives. */
export function composeTestLetter(siteName: string, url: string): Letter {
  return write({
    subject: `NetDelta test message from ${printable(siteName)}`,
    headline: 'Mail from NetDelta arrives',
    facts: [['Site', siteName]],
    sections: [],
    notes: [],
    link: { label: 'Open NetDelta', url },
    footer: ['You get this mail because somebody asked NetDelta to send you a test message.'],
  });
}

function write(draft: LetterDraft): Letter {
  return {
    subject: draft.subject,
    text: writeLetterText(draft),
    html: writeLetterHtml(draft),
  };
}

function sectionsOf({ deltas, counts, ...occasion }: AlertFacts): LetterSection[] {
  const writeMoment = (iso: string) => momentOf(occasion, iso);
  const urgentFirst = deltas.toSorted((a, b) => urgency(a) - urgency(b));
  return groupByHeading(urgentFirst).map(({ heading, deltas }) => {
    const lines = deltas.flatMap((delta) =>
      heading === 'New Host Services'
        ? describeNewServices(delta).map((text) => ({ text, rating: ratingOf(delta) }))
        : [lineOf(delta, writeMoment)],
    );
    return {
      heading,
      lines: lines.slice(0, LINES_SHOWN),
      count: counts?.[heading] ?? lines.length,
    };
  });
}

/** As the original wrote it: the service, then how many scans ago the same was last seen. */
function lineOf(delta: AlertDelta, writeMoment: WriteMoment): LetterLine {
  const sentence = describeDelta(delta, writeMoment);
  const text = delta.rated ? `${sentence} [${describeLastSeen(delta.rated.history)}]` : sentence;
  return { text, rating: ratingOf(delta) };
}

function ratingOf({ rated }: AlertDelta): Rating | null {
  return rated?.rating ?? null;
}

/** What is about more than one host has no rating, and comes before all that has. */
const FOREMOST: ReadonlySet<DeltaKind> = new Set(['scanner.blind', 'subnet.down']);

/** The most urgent first; what else has no rating comes last. */
function urgency(delta: AlertDelta): number {
  if (FOREMOST.has(delta.kind)) return -1;
  const rating = ratingOf(delta);
  return rating ? RATINGS.indexOf(rating) : RATINGS.length;
}

function ratingFact({ deltas, ratings }: AlertFacts): LetterDraft['facts'] {
  const counts = RATINGS.map((rating) => {
    const count = ratings?.[rating] ?? deltas.filter((delta) => ratingOf(delta) === rating).length;
    return { rating, count };
  }).filter(({ count }) => count > 0);
  if (counts.length === 0) return [];
  return [['Rated', counts.map(({ rating, count }) => `${count} ${rating}`).join(', ')]];
}

function legendOf({ deltas }: AlertFacts): string[] {
  if (!deltas.some(ratingOf)) return [];
  const meanings = RATINGS.map((rating) => `${rating}: ${RATING_MEANINGS[rating]}`).join('; ');
  return [`${meanings}. In brackets: when the same change was last seen.`];
}

const PROBLEMS_SHOWN = 5;

function notesOf({ partial, problems }: AlertFacts): string[] {
  const more = problems.length - PROBLEMS_SHOWN;
  return [
    ...(partial ? ['This scan was not complete. What it did not reach changed nothing.'] : []),
    ...problems.slice(0, PROBLEMS_SHOWN).map(describeProblem),
    ...(more > 0 ? [`And ${plural(more, 'more problem', 'more problems')}: see the page.`] : []),
  ];
}

function describeProblem({ what, message }: AlertOccasion['problems'][number]): string {
  return `${what}: ${message}`;
}

function previousMoment({ previousFinishedAt, ...occasion }: AlertFacts): string {
  return previousFinishedAt ? momentOf(occasion, previousFinishedAt) : 'no earlier scan';
}

function momentOf(
  { timeZone, dateLocale }: Pick<AlertOccasion, 'timeZone' | 'dateLocale'>,
  iso: string,
): string {
  return describeMoment(iso, timeZone, { locale: dateLocale });
}

function footerOf({ groupName, siteName }: AlertOccasion, occasion: string): string[] {
  return [
    `You get this mail because your address is among the recipients of the group ${groupName} of ${siteName}: one mail a scan ${occasion}.`,
    'To get no more of them, have your address taken out of the group.',
  ];
}

const SUBJECT_REASON_LENGTH = 120;

function shorten(text: string): string {
  return text.length > SUBJECT_REASON_LENGTH ? `${text.slice(0, SUBJECT_REASON_LENGTH)}…` : text;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
