import parse, { type Info } from 'spdx-expression-parse';
import type { ShippedPackage } from './shipped-packages.ts';

/** Fit for commercial use as it is sold: none makes what is built with it open, or takes more than naming its makers. */
const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Unlicense',
  'Zlib',
];

/** Packages by licence, and one sentence for each whose licence is unknown or not allowed. */
export interface LicenceVerdict {
  readonly byLicence: ReadonlyMap<string, readonly ShippedPackage[]>;
  readonly problems: readonly string[];
}

export function judgeLicences(
  packages: readonly ShippedPackage[],
  allowed: readonly string[] = ALLOWED_LICENCES,
): LicenceVerdict {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence ?? 'none declared');
  const problems = packages.flatMap(({ name, version, licence }) => {
    const why = licence === null ? 'declares no licence' : judge(licence, allowed);
    return why === null ? [] : [`${name} ${version} ${why}`];
  });
  return { byLicence, problems };
}

/** Null where it may be used. */
function judge(licence: string, allowed: readonly string[]): string | null {
  const info = tryParse(licence);
  if (!info) return `has a licence that is no SPDX expression: ${licence}`;
  return isAllowed(info, allowed) ? null : `has a licence that is not on the list: ${licence}`;
}

function tryParse(licence: string): Info | null {
  try {
    return parse(licence);
  } catch {
    return null;
  }
}

/** Of several to choose from one is enough; of several at once all have to be. */
function isAllowed(info: Info, allowed: readonly string[]): boolean {
  if ('license' in info) return allowed.includes(info.license);
  const sides = [info.left, info.right].map((side) => isAllowed(side, allowed));
  return info.conjunction === 'or' ? sides.includes(true) : !sides.includes(false);
}
