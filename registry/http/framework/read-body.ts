import express, { type Request, type RequestHandler, type Response } from 'express';
import { findProtoMember, isNestedDeeperThan } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { HttpProblem } from './problem.ts';

const LIMIT_BYTES = 1024 * 1024;
/** A configuration of some thousand servers. NGINX limits it to 2 MB (registry-proxy.hbs); at the registry's own port the whole limit applies. */
const LARGE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Limit for public endpoints: a name and a password. */
const PUBLIC_LIMIT_BYTES = 4 * 1024;
/** No body of this API is nested nearly as deep, and checking deeper ones would overflow the stack. */
const MAX_DEPTH = 64;
const MAX_FIELD = 200;

function createParsers(limit: number): { json: RequestHandler; form: RequestHandler } {
  return {
    json: express.json({ limit, strict: false, type: 'application/json' }),
    form: express.urlencoded({ limit, extended: false }),
  };
}
const PARSERS = createParsers(LIMIT_BYTES);
const LARGE_PARSERS = createParsers(LARGE_LIMIT_BYTES);
const PUBLIC_PARSERS = createParsers(PUBLIC_LIMIT_BYTES);
const FORM = 'application/x-www-form-urlencoded';

function run(parser: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parser(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body cannot be read', { cause: error }));
    });
  });
}

/**
 * The body of a request: parsed JSON or the fields of a form; undefined for none. From an unknown caller at most 4 KB are read.
 * Throws 400, 413 or 415.
 */
export async function readBody(
  request: Request,
  response: Response,
  { takesForms, isPublic, isLarge }: { takesForms: boolean; isPublic: boolean; isLarge: boolean },
): Promise<{ body: unknown; isForm: boolean }> {
  const isForm = takesForms && (request.get('Content-Type') ?? '').toLowerCase().startsWith(FORM);
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return { body: isForm ? {} : undefined, isForm };
  if (!isForm && request.is('application/json') === false)
    throw new HttpProblem(
      415,
      'Unsupported content type',
      `this endpoint accepts application/json${takesForms ? ` or ${FORM}` : ''}`,
      {
        hint: 'With curl: -H "Content-Type: application/json" -d \'{…}\'',
      },
    );
  await run(
    (isPublic ? PUBLIC_PARSERS : isLarge ? LARGE_PARSERS : PARSERS)[isForm ? 'form' : 'json'],
    request,
    response,
  );
  if (isNestedDeeperThan(request.body, MAX_DEPTH))
    throw new RegistryError('invalid', `body: nested deeper than ${MAX_DEPTH} levels`);
  const field = findProtoMember(request.body)?.slice(0, MAX_FIELD) ?? null;
  if (field !== null) {
    const message = 'no member may have this name';
    throw new RegistryError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
  }
  return { body: request.body as unknown, isForm };
}
