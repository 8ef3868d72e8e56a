import { findProduct, type ProductName } from '../../server/src/playground/products.ts';
import { pick, type Random } from '../../server/src/playground/random.ts';
import type { Speech } from './truth.ts';

/** Where services of the lab may be: all among the hundred ports that nmap asks with `-F`. */
export const SERVICE_PORTS: readonly number[] = [
  21, 22, 25, 53, 80, 110, 111, 135, 139, 143, 389, 443, 445, 587, 993, 995, 1433, 2049, 3000, 3306,
  3389, 5432, 5900, 8000, 8080, 8443, 8888, 9100,
];

/** What speaks on a port; the others listen in silence. */
const PRODUCT_OF: Readonly<Record<number, ProductName>> = {
  21: 'vsftpd',
  22: 'openssh',
  25: 'exim',
  80: 'nginx',
  3000: 'nginx',
  8000: 'apache',
  8080: 'apache',
};

/** A greeting that fits the port, in one of its versions; null where nothing greets. */
export function chooseSpeech(port: number, random: Random): Speech {
  const product = PRODUCT_OF[port];
  if (!product) return null;
  const { versions } = findProduct(product);
  return { product, version: pick<string>(versions, random) ?? versions[0] };
}

/** The same product in its next version; null where there is only one. */
export function nextVersion(speech: Speech): Speech {
  if (!speech) return null;
  const versions: readonly string[] = findProduct(speech.product).versions;
  const version = versions[(versions.indexOf(speech.version) + 1) % versions.length];
  return version && version !== speech.version ? { ...speech, version } : null;
}
