import { GATE_ERRORS, RESERVED_FIRST_SEGMENTS } from '../../contract/index.ts';
import type { PlannedTls } from '../plan/route-plan.ts';
import { isFit } from './quote.ts';

/** First path segments of the registry's pages for browsers, whose URLs may have more segments. Dots are escaped. */
const PAGES = RESERVED_FIRST_SEGMENTS.filter((word) => !['-', 'mcp', '.well-known'].includes(word))
  .map((word) => word.replaceAll('.', '\\.'))
  .join('|');

const MESSAGE = 'this gateway speaks HTTPS only';

/** The data that the templates need for the gateway's TLS; null without it. `hasHttp2Directive`: NGINX 1.25.1 or newer. */
export function viewTls(tls: PlannedTls | null, hasHttp2Directive: boolean) {
  const first = tls?.certificates[0];
  if (tls === null || first === undefined) return null;
  const { origin } = new URL(tls.url);
  const hint = `use ${origin} in the URL`;
  const named = new Map<string, { name: string; certFile: string; keyFile: string }>();
  for (const { names, certFile, keyFile } of tls.certificates)
    for (const name of names)
      if (isFit('certName', name) && !named.has(name)) named.set(name, { name, certFile, keyFile });
  const data = { status: 403, reason: 'https_needed', hint };
  return {
    port: tls.port,
    hasHttp2Directive,
    single: tls.certificates.length === 1,
    first,
    named: [...named.values()],
    origin,
    pages: PAGES,
    refusal: JSON.stringify({
      jsonrpc: '2.0',
      id: null,
      error: { code: GATE_ERRORS.forbidden.code, message: MESSAGE, data },
    }),
    problem: JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403, detail: MESSAGE, hint }),
  };
}
