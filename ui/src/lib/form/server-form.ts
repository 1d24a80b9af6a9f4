import type { ServerView } from '@mcpgw/registry/contract';
import { readTags } from './parse-fields.ts';

/** A server as its settings form holds it. Header values are never known; `stored` are the names of those that exist. */
export interface ServerForm {
  name: string;
  description: string;
  tags: string;
  license: string;
  transport: 'auto' | 'streamable-http' | 'sse' | 'stdio' | 'docker';
  hostMode: 'upstream' | 'public';
  connectS: number;
  readS: number;
  sendS: number;
  instances: { key: number; url: string; weight: number; enabled: boolean }[];
  removedHeaders: string[];
  headerRows: { id: number; name: string; value: string }[];
}

/** Fills the form. */
export function fillForm(server: ServerView): ServerForm {
  const { name, description, tags, license, transport, hostMode, timeouts, instances } = server;
  return {
    name,
    description,
    tags: tags.join(' '),
    license,
    transport,
    hostMode,
    connectS: timeouts.connectMs / 1000,
    readS: timeouts.readMs / 1000,
    sendS: timeouts.sendMs / 1000,
    instances: instances.map(({ url, weight, enabled }, key) => ({ key, url, weight, enabled })),
    removedHeaders: [],
    headerRows: [],
  };
}

/** The editable fields of a server in the shape of a patch, for comparing. */
export function editable(server: ServerView): Record<string, unknown> {
  const { name, description, tags, license, transport, hostMode, timeouts, instances } = server;
  return {
    name,
    description,
    tags,
    license,
    transport,
    hostMode,
    timeouts,
    instances: instances.map(({ url, weight, enabled }) => ({ url, weight, enabled })),
  };
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

/** What the form changes of `server`: only fields that differ, as PATCH takes them. */
export function readPatch(form: ServerForm, server: ServerView): Record<string, unknown> {
  const typed: Record<string, unknown> = {
    name: form.name.trim(),
    description: form.description.trim(),
    tags: readTags(form.tags).sort(),
    license: form.license.trim(),
    transport: form.transport,
    hostMode: form.hostMode,
    timeouts: { connectMs: toMs(form.connectS), readMs: toMs(form.readS), sendMs: toMs(form.sendS) },
    instances: form.instances.map(({ url, weight, enabled }) => ({ url: url.trim(), weight, enabled })),
  };
  const before = editable(server);
  const patch = Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field])),
  );
  const headers: Record<string, string | null> = {};
  for (const name of form.removedHeaders) headers[name] = null;
  for (const { name, value } of form.headerRows) if (name.trim() !== '') headers[name.trim()] = value;
  return Object.keys(headers).length === 0 ? patch : { ...patch, headers };
}
