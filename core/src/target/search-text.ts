import { readAddressSearch } from './read-address-search.ts';

/** What the index of hosts' texts can find: what it takes for letters, three in a row. */
const INDEXED = /[\p{L}\p{N}.\-:_/\\]{3}/u;

/** Why hosts cannot be searched for this text; null: they can. An empty text searches for nothing. */
export function searchTextProblem(text: string): string | null {
  if (text.trim() === '' || INDEXED.test(text) || readAddressSearch(text)) return null;
  return 'type at least three letters or digits in a row';
}
