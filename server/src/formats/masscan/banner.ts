import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';

const LONGEST_BANNER = 200;
/** Banners of masscan that tell of a part of what a service said, by the service's own name. */
const PARTS: readonly (readonly [name: RegExp, service: string])[] = [
  [/^(title|html|http\.)/i, 'http'],
  [/^(smb\.)/i, 'smb'],
];
const TLS = /^(ssl|tls|x509)/i;
const NAMELESS = /^(unknown|safe|vuln|none)?$/i;

/**
 * Turns one banner of masscan (masscan-app.c names its kinds) into facts of a service. Certificates
 * and TLS banners say that TLS is spoken, titles and headers that HTTP is.
 */
export function describeBanner(kind: string, banner: string): ServiceFacts {
  if (TLS.test(kind)) return { method: 'probed', tunnel: 'ssl' };
  const part = PARTS.find(([name]) => name.test(kind));
  if (part) return { method: 'probed', name: part[1] };
  // What HTTP answers has the date in it.
  const fingerprint = /^http/i.test(kind) ? '' : normalise(banner).slice(0, LONGEST_BANNER).trim();
  return {
    method: 'probed',
    ...(!NAMELESS.test(kind) && { name: kind }),
    ...(fingerprint && { fingerprint }),
  };
}

/** masscan's JSON has other escapes than its XML and lists; the same banner becomes the same text. */
function normalise(banner: string): string {
  return banner
    .replace(/\\x([0-9a-f]{2})/gi, (_all, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/[^ -~]|\\/g, (character) => {
      const code = character.charCodeAt(0);
      return code > 0xff ? character : `\\x${code.toString(16).padStart(2, '0')}`;
    });
}
