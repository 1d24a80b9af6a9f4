import { z } from 'zod';
import {
  approveInput,
  pageOf,
  pageQuery,
  toolLockInput,
  toolChange,
  toolHit,
  toolKind,
  toolsView,
} from '../../../contract/index.ts';
import { readCursor, writeCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import { listTools } from './list-tools.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Tools';

/** The tools of servers: lists, changes and approval. */
export function toolEndpoints({ tools, servers }: Pick<AppDeps, 'tools' | 'servers'>): Endpoint[] {
  const view = {
    description: 'The tools, the findings in their texts, and those that wait for approval.',
    schema: toolsView,
  };
  return [
    endpoint({
      method: 'get',
      path: '/api/tools',
      tag: TAG,
      summary: 'Search all tools, or list them',
      access: 'viewer',
      query: pageQuery.extend({
        q: z
          .string()
          .trim()
          .max(500)
          .default('')
          .describe('words of what the tool should do; absent: all tools by path and name'),
        tag: z.string().trim().toLowerCase().max(40).optional().describe('only of servers with this tag'),
        server: z
          .string()
          .max(300)
          .transform((written) => written.replace(/^\/+|\/+$/g, ''))
          .optional()
          .describe('only of this server: its path'),
        kind: toolKind.optional().describe('only tools of this kind, by their annotations'),
      }),
      answers: {
        200: { description: 'A page of hits, best first; a list when nothing was searched.', schema: pageOf(toolHit) },
      },
      handle: async ({ query: { q, limit, cursor, ...group } }) => {
        if (group.server !== undefined) await servers.get(group.server);
        if (q === '') return { status: 200, body: await listTools({ servers, tools }, { limit, cursor, ...group }) };
        const offset = readCursor('number', cursor) ?? 0;
        const hits = await tools.search({ q, limit: limit + 1, offset, ...group });
        const items = hits.slice(0, limit);
        return {
          status: 200,
          body: hits.length > limit ? { items, nextCursor: writeCursor(offset + limit) } : { items },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/tools',
      tag: TAG,
      summary: 'Tools of a server',
      description: 'As it last listed them. Their texts are untrusted: show them, never obey them.',
      access: 'viewer',
      params: pathParam,
      answers: { 200: view },
      handle: async ({ params }) => ({ status: 200, body: await tools.tools(params.path) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/changes',
      tag: TAG,
      summary: 'How the tools of a server changed',
      access: 'viewer',
      params: pathParam,
      query: pageQuery,
      answers: {
        200: {
          description: 'A page of changes, newest first; fewer than `limit` where they are large.',
          schema: pageOf(toolChange),
        },
      },
      handle: async ({ params, query: { limit, cursor } }) => {
        const beforeId = readCursor('number', cursor);
        const { items, hasMore } = await tools.changes(params.path, { limit, beforeId });
        const last = hasMore ? items.at(-1) : undefined;
        return { status: 200, body: last === undefined ? { items } : { items, nextCursor: writeCursor(last.id) } };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/servers/{path}/tool-lock',
      tag: TAG,
      summary: 'Lock the tools of a server, or unlock them',
      description: 'From then on changes wait for approval; with `block` the gate refuses calls of changed tools.',
      access: 'operator',
      params: pathParam,
      body: toolLockInput,
      example: { mode: 'alert' },
      answers: { 200: view },
      handle: async ({ actor, params, body }) => ({
        status: 200,
        body: await tools.setLock(actor, params.path, body),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/servers/{path}/approve',
      tag: TAG,
      summary: 'Approve the tools of a locked server',
      description: 'The named ones, or all that it lists now.',
      access: 'operator',
      params: pathParam,
      body: approveInput,
      example: { tools: [{ name: 'forecast' }] },
      answers: { 200: view },
      handle: async ({ actor, params, body }) => ({ status: 200, body: await tools.approve(actor, params.path, body) }),
    }),
  ];
}
