import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Actor, Role } from '../../contract/index.ts';
import type { RegistryError } from '../../lib/errors.ts';
import type { KeyHolder } from '../../access/index.ts';
import type { Caller } from '../auth/caller.ts';

/** One possible answer, for the document and for the tests that hold answers against it. */
export interface Answer {
  description: string;
  schema?: z.ZodType;
  /** `application/json` when absent. */
  contentType?: string;
}

/** What a handler gets: everything parsed and allowed. */
export interface Call<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The body came as a form: all its values are text. */
  isForm: boolean;
  caller: Caller | null;
  /** Who holds the key that came, where `access` is `agent`. */
  holder: (KeyHolder & { key: string }) | null;
  actor: Actor;
  /** From `If-Match`; undefined when absent or `*`. */
  ifRevision: number | undefined;
  /** Only for what sessions need. */
  request: Request;
  response: Response;
}

/** What a handler returns. */
export interface Reply {
  status: number;
  /** An object is sent as JSON, a string as it is; bytes are JSON that is written already. A generator is streamed, with the Content-Type in `headers`. */
  body?: unknown;
  /** Becomes the ETag. */
  revision?: number;
  headers?: Record<string, string>;
}

interface EndpointSpec<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/api/servers/{path}`. */
  path: string;
  /** The last parameter takes the rest of the URL, slashes included. */
  takesRest?: true;
  tag: string;
  summary: string;
  description?: string;
  /** The least role; `agent`: whoever holds a key, with or without a role; `public`: anybody; `optional`: anybody, but who is known may see more. */
  access: Role | 'agent' | 'public' | 'optional';
  /** Refuses what is meant for another protocol at the same URL, in place of 401 (without caller, nothing is read then) and 422. */
  refuseForeign?: (caller: Caller | null, body: unknown) => RegistryError | undefined;
  /** Public, but it makes or ends a session. */
  usesSession?: true;
  /** Called before the body is read. Throws RegistryError `limited` for a caller who must wait. */
  admit?: (request: Request) => void;
  params?: Params;
  query?: Query;
  body?: Body;
  bodyOptional?: true;
  /** A body that works, for the documentation. */
  example?: z.input<Body>;
  /** Its body may be as large as a whole configuration. */
  isLarge?: true;
  /** Takes application/x-www-form-urlencoded too. */
  takesForms?: true;
  /** A change that `If-Match` can hold to a revision; `current` returns the current state when it does not match. */
  current?: (params: z.output<Params>) => Promise<unknown>;
  answers: Record<number, Answer>;
  handle: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<Reply>;
}

/** An endpoint of the API, described once: the router and the OpenAPI document are both made from it. */
export type Endpoint = EndpointSpec<z.ZodType, z.ZodType, z.ZodType>;

/** Describes an endpoint; its schemas give the handler its types. */
export function endpoint<
  Params extends z.ZodType = z.ZodType<Record<string, never>>,
  Query extends z.ZodType = z.ZodType<Record<string, never>>,
  Body extends z.ZodType = z.ZodType<undefined>,
>(spec: EndpointSpec<Params, Query, Body>): Endpoint {
  return spec;
}
