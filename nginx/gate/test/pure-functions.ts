import { encodeQuery } from '../upstream/forward/query.ts';
import { isKeyShaped } from '../access/identity/key-shape.ts';
import { readKey } from '../access/identity/read-key.ts';
import { parseRoute } from '../request/guard/route.ts';
import { listHidden, redactJson } from '../log/recording/redact-json.ts';
import { redactSecrets } from '../log/recording/secrets.ts';
import { rewriteEvent } from '../upstream/lists/rewrite-event.ts';
import { rewriteEndpointEvent } from '../upstream/sse/endpoint-event.ts';
import { createEventReader, readEvents } from '../upstream/sse/read-events.ts';
import { namesEndpoint, watchLines } from '../upstream/sse/watch-lines.ts';
import { decideNames } from './pure-grants.ts';
import { chargeWords } from './pure-limits.ts';

function show(value: string | boolean | undefined): string {
  return value === undefined ? '-;' : `=${value};`;
}

/** Functions of the gate that depend only on their arguments, each taking and returning one text: for the comparison of Node with LuaJIT. */
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
    const reader = createEventReader();
    const events = readEvents(reader, text).map((event) => {
      const judged = rewriteEndpointEvent(event, (written) => (written.startsWith('/') ? `/new${written}` : undefined));
      return (judged.endpoint === 'found' ? show(judged.text) : '') + show(judged.endpoint);
    });
    return events.join('') + show(reader.held.join(''));
  },
  listEvent: (text) => show(rewriteEvent(text, (data) => (data.length % 2 === 0 ? `${data}!` : undefined))),
  laterEndpoint: (text) => show(namesEndpoint(watchLines(), text)),
};
