import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { describeBanner } from '../masscan/banner.ts';
import type { Attributes } from '../xml/attributes.ts';

const FINGERPRINT_LENGTH = 200;
/** The first answer within a service fingerprint: `%r(NULL,D,"hello\x20there\r\n")`. */
const FIRST_ANSWER = /%r\([^,]*,[0-9A-F]+,"((?:[^"\\]|\\.)*)"\)/;

/**
 * Turns nmap's `<service>` and its `<cpe>` children into facts, or masscan's, which has a banner.
 * Texts are trimmed, empty ones left out.
 */
export function parseServiceFacts(service: Attributes, cpe: readonly string[]): ServiceFacts {
  if (service.banner !== undefined) return describeBanner(service.name ?? '', service.banner);
  const fingerprint = service.servicefp && firstAnswer(service.servicefp);
  return {
    method: service.method === 'probed' ? 'probed' : 'table',
    ...text('name', service.name),
    ...text('product', service.product),
    ...text('version', service.version),
    ...text('extraInfo', service.extrainfo),
    ...text('tunnel', service.tunnel),
    ...text('hostName', service.hostname),
    ...text('osType', service.ostype),
    ...text('deviceType', service.devicetype),
    ...(cpe.length > 0 && { cpe }),
    ...text('fingerprint', fingerprint),
  };
}

function text<Key extends keyof ServiceFacts>(
  key: Key,
  value: string | undefined,
): { [Name in Key]?: string } {
  const trimmed = value?.trim();
  return (trimmed ? { [key]: trimmed } : {}) as { [Name in Key]?: string };
}

/**
 * What the service said, without nmap's heading: that holds the date and the machine, so that the
 * same service would look different in every scan.
 */
function firstAnswer(fingerprint: string): string {
  const answer = FIRST_ANSWER.exec(fingerprint)?.[1] ?? '';
  return answer
    .replace(/\\x20/g, ' ')
    .replace(/\\(["\\])/g, '$1')
    .slice(0, FINGERPRINT_LENGTH);
}
