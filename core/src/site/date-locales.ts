/** How dates can be written, as BCP 47 names. All are known to every browser and to Node. */
export const DATE_LOCALES = [
  'en-GB',
  'en-US',
  'cs-CZ',
  'da-DK',
  'de-AT',
  'de-CH',
  'de-DE',
  'es-ES',
  'fi-FI',
  'fr-CH',
  'fr-FR',
  'hu-HU',
  'it-IT',
  'ja-JP',
  'ko-KR',
  'nb-NO',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'ro-RO',
  'sv-SE',
  'tr-TR',
  'uk-UA',
  'zh-CN',
] as const;
export type DateLocale = (typeof DATE_LOCALES)[number];

export const DEFAULT_DATE_LOCALE: DateLocale = 'en-GB';
