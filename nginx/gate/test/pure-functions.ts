import { encodeQuery } from '../forward/query.ts';
import { isKeyShaped } from '../identity/key-shape.ts';
import { readKey } from '../identity/read-key.ts';
import { parseRoute } from '../guard/route.ts';
import { listHidden, redactJson } from '../recording/redact-json.ts';
import { redactSecrets } from '../recording/secrets.ts';
import { rewriteStart } from '../sse/endpoint-event.ts';
import { decideNames } from './pure-grants.ts';
import { chargeWords } from './pure-limits.ts';

function show(value: string | boolean | undefined): string {
  return value === undefined ? '-;' : `=${value};`;
}

/** Functions of the gate that depend on nothing but their arguments, each with one text in and one out: for the comparison of Node with LuaJIT. */
export const PURE_FUNCTIONS: Record<string, ((this: void, text: string) => string) | undefined> = {
  route(text) {
    const route = parseRoute(text);
    return route === undefined ? '-' : show(route.path) + show(route.endpoint) + show(route.rest) + show(route.query);
  },
  query: (text) => show(encodeQuery(text)),
  keyShape: (text) => show(isKeyShaped(text)),
  limits: chargeWords,
  grants: decideNames,
  secrets: redactSecrets,
  redaction: (text) => redactJson(text, listHidden(['iban'])),
  bearer: (text) => show(readKey(text, () => undefined)),
  endpointEvent(text) {
    const start = rewriteStart(text, (written) => (written.startsWith('/') ? `/new${written}` : undefined));
    return show(start.ready) + show(start.held) + show(start.isFound);
  },
};
