import { canonicalAddress } from '../../formats/address.ts';

/** Options that stand alone (nmap(1)). */
const ALONE =
  /^(?:-v|--reason|--noninteractive|--privileged|--unprivileged|-6|-n|-T[0-5]|-sn|-Pn|-PE|-PP|-PR|-P[SAU]\d[\d,-]*|--disable-arp-ping|-sS|-sT|-sU|-sV|-O)$/;

const PORTS = /^(?:T:|U:)?\d[\d,TU:-]*$/;
const NUMBER = /^\d+$/;
const SCRIPTS = /^[a-z0-9][a-z0-9-]*(?:,[a-z0-9][a-z0-9-]*)*$/;
const MILLISECONDS = /^\d+ms$/;

/** Options that take the word after them, and what that may be. */
const WITH_VALUE: Readonly<Record<string, RegExp>> = {
  '-oX': /^-$/,
  '--stats-every': /^\d+s$/,
  '--top-ports': NUMBER,
  '-p': PORTS,
  '--version-intensity': /^\d$/,
  '--script': SCRIPTS,
  '--max-retries': NUMBER,
  '--min-rate': NUMBER,
  '--max-rate': NUMBER,
  '--host-timeout': /^\d+s$/,
  '--max-rtt-timeout': MILLISECONDS,
  '--initial-rtt-timeout': MILLISECONDS,
};

/**
 * Looks at all words for nmap once more, whoever made them: an option that NetDelta uses, with a value
 * of its form, or an IP address. Answers the first word that is neither; null where there is none. So
 * an error in what makes them ends the run instead of giving nmap an option.
 */
export function findStrangeWord(args: readonly string[]): string | null {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const value = Object.hasOwn(WITH_VALUE, word) ? WITH_VALUE[word] : undefined;
    if (value) {
      at += 1;
      if (!value.test(args[at] ?? '')) return `${word} ${args[at] ?? ''}`;
    } else if (!ALONE.test(word) && canonicalAddress(word) === null) return word;
  }
  return null;
}
