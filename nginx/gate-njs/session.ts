import crypto from 'crypto';

/** What a tag binds: the backend's own session, who opened it, and where. */
export interface Session {
  backendId: string;
  instance: string;
}

/** 16 hex digits that only the gate can make, with the key as it is written in gate.json; the parts cannot be shifted against each other, since none contains a line break. */
export function sign(sessionKey: string, backendId: string, agent: string, instance: string): string {
  return crypto
    .createHmac('sha256', sessionKey)
    .update(backendId + '\n' + agent + '\n' + instance)
    .digest('hex')
    .slice(0, 16);
}

/** The session id that the client gets (DESIGN §6.5). */
export function tagSession(sessionKey: string, session: Session, agent: string): string {
  return `${session.backendId}~${session.instance}.${sign(sessionKey, session.backendId, agent, session.instance)}`;
}

/** The session that a client's id means, or null when we did not give it to this agent. */
export function readTag(sessionKey: string, tagged: string, agent: string): Session | null {
  const mark = tagged.lastIndexOf('~');
  const dot = tagged.lastIndexOf('.');
  if (mark < 1 || dot < mark) return null;
  const session = { backendId: tagged.slice(0, mark), instance: tagged.slice(mark + 1, dot) };
  return sign(sessionKey, session.backendId, agent, session.instance) === tagged.slice(dot + 1) ? session : null;
}

/** Name of the parameter that carries the tag in the URL of a legacy message endpoint. */
const TAG_PARAMETER = 'mcpgw=';

/** The query of the message endpoint that a client of the legacy SSE transport gets: the backend's own, and the tag over all of it. */
export function tagMessageQuery(
  sessionKey: string,
  rest: string,
  query: string,
  instance: string,
  agent: string,
): string {
  const tag = `${TAG_PARAMETER}${instance}.${sign(sessionKey, `${rest}?${query}`, agent, instance)}`;
  return query === '' ? tag : `${query}&${tag}`;
}

/** The session that a message URL means (`backendId` is the backend's query), or null when we did not give it to this agent. */
export function readMessageTag(sessionKey: string, rest: string, query: string, agent: string): Session | null {
  const mark = query.lastIndexOf(TAG_PARAMETER);
  const dot = query.lastIndexOf('.');
  if (mark < 0 || dot < mark || (mark > 0 && query.charAt(mark - 1) !== '&')) return null;
  const backendQuery = mark === 0 ? '' : query.slice(0, mark - 1);
  const instance = query.slice(mark + TAG_PARAMETER.length, dot);
  if (sign(sessionKey, `${rest}?${backendQuery}`, agent, instance) !== query.slice(dot + 1)) return null;
  return { backendId: backendQuery, instance: instance };
}
