import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Strict headers for every response: nothing inline, nothing from other origins, no framing. No HSTS: the owner of the host name decides
 * whether it is https only (NGINX's TLS template), and on localhost it would break other programs.
 */
export function setSecurityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // Media in the result of a tool is shown from memory.
        mediaSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  });
}
