import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * What browsers are told to forbid. Scripts come from this server alone; styles may be inline,
 * because Mantine writes them so (docs/decisions/0002-content-security-policy.md).
 */
export function securityHeaders(https: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    // On plain http in a local network both would be ignored, or lock people out.
    strictTransportSecurity: https ? undefined : false,
    crossOriginOpenerPolicy: https ? undefined : false,
  };
}
