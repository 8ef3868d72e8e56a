/** Why `wanted` (none: the only one) does not lead to one of these sites. */
export function describeSites(
  wanted: string | undefined,
  sites: readonly { slug: string }[],
): string {
  if (wanted !== undefined) return `There is no site "${wanted}".`;
  if (sites.length === 0) return 'There is no site yet.';
  return `There are several sites: name one with --site (${sites.map(({ slug }) => slug).join(', ')} …).`;
}

/** That there is no such group, and which there are. */
export function describeMissingGroup(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return `There is no group "${wanted}": this site has none yet.`;
  return `There is no group "${wanted}" in this site. There are: ${names.join(', ')}.`;
}
