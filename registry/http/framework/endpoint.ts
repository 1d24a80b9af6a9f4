import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Actor, Role } from '../../contract/index.ts';
import type { RegistryError } from '../../lib/errors.ts';
import type { KeyHolder } from '../../access/index.ts';
import type { Caller } from '../auth/caller.ts';

/** One possible response, for the document and for the tests that check responses against it. */
export interface Answer {
  description: string;
  schema?: z.ZodType;
  /** `application/json` when absent. */
  contentType?: string;
}

/** The input of a handler, parsed and authorized. */
export interface Call<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The body is a form: all its values are text. */
  isForm: boolean;
  caller: Caller | null;
  /** The holder of the key in the request, if `access` is `agent`. */
  holder: (KeyHolder & { key: string }) | null;
  actor: Actor;
  /** From `If-Match`; undefined when absent or `*`. */
  ifRevision: number | undefined;
  /** Only for sessions. */
  request: Request;
  response: Response;
}

/** What a handler returns. */
export interface Reply {
  status: number;
  /** An object is sent as JSON, a string unchanged; bytes are serialized JSON. A generator is streamed, with the Content-Type in `headers`. */
  body?: unknown;
  /** Becomes the ETag. */
  revision?: number;
  headers?: Record<string, string>;
}

interface EndpointSpec<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In the notation of OpenAPI: `/api/servers/{path}`. */
  path: string;
  /** The last parameter matches the rest of the URL, slashes included. */
  takesRest?: true;
  tag: string;
  summary: string;
  description?: string;
  /** The minimum role; `agent`: any holder of a key, with or without a role; `public`: anybody; `optional`: anybody, but a known caller may see more. */
  access: Role | 'agent' | 'public' | 'optional';
  /** Refuses a request of another protocol at the same URL, in place of 401 (without a caller, before the body is read) and 422. */
  refuseForeign?: (caller: Caller | null, body: unknown) => RegistryError | undefined;
  /** Public, but it creates or ends a session. */
  usesSession?: true;
  /** Called before the body is read. Throws RegistryError `limited` for a caller who must wait. */
  admit?: (request: Request) => void;
  params?: Params;
  query?: Query;
  body?: Body;
  bodyOptional?: true;
  /** A valid body, for the documentation. */
  example?: z.input<Body>;
  /** Its body may be as large as a whole configuration. */
  isLarge?: true;
  /** Accepts application/x-www-form-urlencoded too. */
  takesForms?: true;
  /** A change that `If-Match` can restrict to a revision; `current` returns the current state when it does not match. */
  current?: (params: z.output<Params>) => Promise<unknown>;
  answers: Record<number, Answer>;
  handle: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<Reply>;
}

/** An endpoint of the API, described once: the router and the OpenAPI document are both created from it. */
export type Endpoint = EndpointSpec<z.ZodType, z.ZodType, z.ZodType>;

/** Describes an endpoint; its schemas determine the types of the handler. */
export function endpoint<
  Params extends z.ZodType = z.ZodType<Record<string, never>>,
  Query extends z.ZodType = z.ZodType<Record<string, never>>,
  Body extends z.ZodType = z.ZodType<undefined>,
>(spec: EndpointSpec<Params, Query, Body>): Endpoint {
  return spec;
}
