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
    // On plain http in a local network these would be ignored, or lock people out.
    // Of this host alone: what else its owner has below the same name is not for us to decide.
    strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: false },
    crossOriginOpenerPolicy: https ? undefined : false,
  };
}
