/** zxcvbn's score, 0–4: 3 withstands 10⁸ guesses and more (Wheeler, USENIX Security 2016). */
const LEAST_SCORE = 3;

export interface PasswordContext {
  /** What an attacker knows of the person, such as name, e-mail address and site. */
  readonly known: readonly string[];
}

/**
 * What is wrong with a new password besides its length, in a sentence; null when nothing is. Guessed
 * from what is in words, names, patterns and keyboards; nothing is looked up anywhere.
 */
export async function findWeakness(
  password: string,
  { known }: PasswordContext,
): Promise<string | null> {
  const zxcvbn = await loadZxcvbn();
  const words = known.flatMap(wordsOf);
  const own = [...words.filter((word) => word.length > 2), 'netdelta'];
  const { score, feedback } = zxcvbn.check(password, own);
  if (score >= LEAST_SCORE) return null;
  const reason = REASONS[feedback.warning ?? ''] ?? 'it is easy to guess';
  return `${reason}; use four or more unrelated words, or let a password manager make one`;
}

/** The whole, the words in it, and these without what is between them. */
function wordsOf(text: string): string[] {
  const words = text.split(/[^\p{L}\p{N}]+/u);
  return [text, ...words, words.join('')];
}

const REASONS: Readonly<Record<string, string>> = {
  straightRow: 'it is a row of keys',
  keyPattern: 'it is a pattern of keys',
  simpleRepeat: 'it repeats a character',
  extendedRepeat: 'it repeats a few characters',
  sequences: 'it is a sequence such as abc or 321',
  recentYears: 'it is made of a year',
  dates: 'it is made of a date',
  topTen: 'it is one of the most used passwords',
  topHundred: 'it is one of the most used passwords',
  common: 'it is often used as a password',
  similarToCommon: 'it is like one that is often used',
  wordByItself: 'it is a single word',
  namesByThemselves: 'it is a name',
  commonNames: 'it is made of names',
  userInputs: 'it is made of your name, your address or the site',
};

let loaded: Promise<{ check: Zxcvbn['check'] }> | undefined;
type Zxcvbn = InstanceType<typeof import('@zxcvbn-ts/core')['ZxcvbnFactory']>;

/** Its dictionaries take 0.1 s and 30 MB: only when somebody chooses a password. */
function loadZxcvbn() {
  loaded ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }]) =>
      new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }),
  );
  return loaded;
}
