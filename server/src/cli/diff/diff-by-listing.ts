import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';
import { compareListed } from './compare-listed.ts';
import type { Form, ListingOptions } from './form.ts';

/** Compares two files as they stand there, as ndiff does. The exit code. */
export async function diffByListing(
  paths: readonly [string, string],
  options: ListingOptions,
  { complain, input, print }: Surroundings,
): Promise<number> {
  const form = await FORMS[options.form](options);
  const comparison = await compareListed(paths, input, form);
  if (!comparison.ok) for (const problem of comparison.problems) complain(printable(problem));
  if (!comparison.ok) return 2;
  const { files, told, warnings } = comparison;
  for (const warning of warnings) complain(printable(warning));
  for (const line of form.open(files)) print(line);
  let changes = 0;
  for (const [place, host] of told.entries()) {
    changes += host.changes;
    print(place < told.length - 1 ? host.text + form.between : host.text);
  }
  for (const line of form.close(files)) print(line);
  return changes > 0 ? 1 : 0;
}

/** Loaded when they are needed: a short comparison takes no longer than its start. */
const FORMS: Readonly<Record<ListingOptions['form'], (options: ListingOptions) => Promise<Form>>> =
  {
    text: async (options) => (await import('./text-form.ts')).createTextForm(options),
    xml: async (options) => (await import('./xml-form.ts')).createXmlForm(options),
    json: async (options) => (await import('./json-form.ts')).createJsonForm(options),
  };
