import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Strict headers for every answer: nothing inline, nothing from elsewhere, in nobody's frame. No HSTS: whether a host is https only is for
 * whoever owns the host name to say (NGINX's TLS template), and on localhost it would break other programs.
 */
export function setSecurityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // What a tool answers is shown from memory.
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
