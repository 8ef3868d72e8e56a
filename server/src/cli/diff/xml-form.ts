import { type Files, type Form, type ListingOptions, tellNarrowed, tellsScripts } from './form.ts';
import { closeXml, hostXml, openXml } from './write-xml.ts';

/** A document after ndiff.dtd. */
export function createXmlForm(options: ListingOptions): Form {
  const complete = options.verbose;
  const silence = tellsScripts(options) ? {} : { before: [], after: [] };
  const headings = (files: Files) =>
    [
      { ...files[0].facts, ...silence },
      { ...files[1].facts, ...silence },
    ] as const;
  return {
    complete,
    tell: tellNarrowed(options, (difference) => hostXml(difference, complete)),
    open: (files) => openXml(headings(files), complete),
    between: '',
    close: (files) => closeXml(headings(files), complete),
  };
}
