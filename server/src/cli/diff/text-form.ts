import { describeBanner, describeRunScripts } from './describe-scans.ts';
import { describeHostText } from './describe-text.ts';
import { type Files, type Form, type ListingOptions, tellNarrowed, tellsScripts } from './form.ts';

/** Lines for a person, as ndiff prints them. */
export function createTextForm(options: ListingOptions): Form {
  const complete = options.verbose;
  const scripts = (when: 'before' | 'after', [before, after]: Files) =>
    tellsScripts(options) ? describeRunScripts(when, [before.facts, after.facts], complete) : [];
  return {
    complete,
    tell: tellNarrowed(options, (difference) => describeHostText(difference, complete).join('\n')),
    open: (files) => [
      ...describeBanner(files[0].facts, files[1].facts, complete),
      ...scripts('before', files),
    ],
    between: '',
    close: (files) => scripts('after', files),
  };
}
