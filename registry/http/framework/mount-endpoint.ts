import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { RegistryError } from '../../lib/errors.ts';
import { actorOf, includesRole, type Caller } from '../auth/caller.ts';
import type { Endpoint, Reply } from './endpoint.ts';
import { readIfMatch, writeEtag } from './etag.ts';
import { explainIssues, type HintAtUnknown } from '../../lib/explain-issues.ts';
import { identifyHolder } from '../auth/identify-holder.ts';
import { identify } from '../auth/identify.ts';
import type { PersonSession } from '../auth/read-session.ts';
import { expiryOf, hashSid } from '../auth/session-store.ts';
import { WithCurrent } from '../middleware/answer-problem.ts';
import type { AppDeps } from '../app-deps.ts';
import { readBody } from './read-body.ts';

/** The path in the notation of Express. */
export function toRoute({ path, takesRest }: Pick<Endpoint, 'path' | 'takesRest'>): string {
  const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
  return takesRest ? route.replace(/:(\w+)$/, '*$1') : route;
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string, hintAt?: HintAtUnknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw explainIssues(parsed.error, where, hintAt);
}

function listParameters(query: z.ZodType | undefined): string | undefined {
  return query instanceof z.ZodObject ? `there are ${Object.keys(query.shape).join(', ')}` : undefined;
}

/** Returns a hint to the separate request that changes a field of the resource, such as PUT /api/agents/{name}/grants. */
export function pointElsewhere({ method, path }: Endpoint, all: readonly Endpoint[]): HintAtUnknown {
  return (field) => {
    const segment = field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const found = all.filter((candidate) => {
      if (candidate.method !== 'put' && candidate.method !== 'post') return false;
      if (!candidate.path.startsWith(`${path}/`) || !candidate.path.endsWith(`/${segment}`)) return false;
      // Below the resource itself, or below what a POST creates.
      const between = candidate.path.slice(path.length, -segment.length);
      return between === '/' || (method === 'post' && /^\/\{\w+\}\/$/.test(between));
    });
    const best = found.find((candidate) => candidate.method === 'put') ?? found[0];
    return best && `it has its own request: ${best.method.toUpperCase()} ${best.path}`;
  };
}

function readSession({ session, sessionID }: Request): PersonSession | null {
  if (session.username === undefined) return null;
  return { username: session.username, expiresAt: expiryOf(session), sidHash: hashSid(sessionID) };
}

async function findCaller(endpoint: Endpoint, deps: AppDeps, request: Request): Promise<Caller | null> {
  if (endpoint.access === 'public' || endpoint.access === 'agent') return null;
  const credentials = { authorization: request.get('Authorization'), readSession: () => readSession(request) };
  if (endpoint.access === 'optional') return identify(deps.access, credentials).catch(() => null);
  const caller = await identify(deps.access, credentials);
  if (caller === null)
    throw (
      endpoint.refuseForeign?.(null, undefined) ??
      new RegistryError('unauthorized', 'this needs a login or a key', {
        hint: 'Log in with POST /api/session, or send Authorization: Bearer with the key of an agent that has a role.',
      })
    );
  if (!includesRole(caller.role, endpoint.access))
    throw new RegistryError(
      'forbidden',
      `this needs the role "${endpoint.access}"; ${caller.kind} "${caller.name}" has "${caller.role}"`,
      {
        hint: 'An admin can assign another role: PATCH /api/users/:username or /api/agents/:name.',
      },
    );
  return caller;
}

function joinRest(params: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]),
  );
}

function isStream(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

async function send(response: Response, reply: Reply): Promise<void> {
  response.status(reply.status);
  if (!response.hasHeader('Cache-Control')) response.set('Cache-Control', 'no-store');
  if (reply.revision !== undefined) response.set('ETag', writeEtag(reply.revision));
  response.set(reply.headers ?? {});
  if (reply.body === undefined) response.end();
  else if (typeof reply.body === 'string') response.end(reply.body);
  // When the client leaves or a later part fails, the connection is cut: the client sees that the reply is incomplete.
  else if (isStream(reply.body)) await pipeline(Readable.from(reply.body), response).catch(() => response.destroy());
  else response.type('application/json').end(Buffer.isBuffer(reply.body) ? reply.body : JSON.stringify(reply.body));
}

async function serve(
  endpoint: Endpoint,
  deps: AppDeps,
  elsewhere: HintAtUnknown,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = await findCaller(endpoint, deps, request);
  const holder = endpoint.access === 'agent' ? await identifyHolder(deps.access, request) : null;
  const params = parse(endpoint.params, joinRest(request.params), 'path');
  const query = parse(endpoint.query, request.query, 'query', () => listParameters(endpoint.query));
  endpoint.admit?.(request);
  const { body: raw, isForm } =
    endpoint.body === undefined
      ? { body: undefined, isForm: false }
      : await readBody(request, response, {
          takesForms: endpoint.takesForms ?? false,
          isPublic: caller === null && holder === null,
          isLarge: endpoint.isLarge ?? false,
        });
  const foreign = endpoint.refuseForeign?.(caller, raw);
  if (foreign !== undefined) throw foreign;
  const body = raw === undefined && endpoint.bodyOptional ? undefined : parse(endpoint.body, raw, 'body', elsewhere);
  const ifRevision = endpoint.current === undefined ? undefined : readIfMatch(request.get('If-Match'));
  try {
    const actor = actorOf(request, response, caller);
    if (holder !== null) Object.assign(actor, { kind: 'agent', name: holder.agent });
    await send(
      response,
      await endpoint.handle({ params, query, body, isForm, caller, holder, actor, ifRevision, request, response }),
    );
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'stale' || endpoint.current === undefined) throw error;
    throw new WithCurrent(error, await endpoint.current(params).catch(() => undefined));
  }
}

/** Adds the endpoint to the app: authorization, parsing, response. */
export function mountEndpoint(
  app: Express,
  endpoint: Endpoint,
  deps: AppDeps,
  { sessions, all }: { sessions: RequestHandler; all: readonly Endpoint[] },
): void {
  const elsewhere = pointElsewhere(endpoint, all);
  const needsSession = !['public', 'agent'].includes(endpoint.access) || endpoint.usesSession === true;
  const chain: RequestHandler[] = needsSession ? [sessions] : [];
  app[endpoint.method](toRoute(endpoint), ...chain, (request, response) =>
    serve(endpoint, deps, elsewhere, request, response),
  );
}
