import type { ServerView, Transport } from '@mcpgw/registry/contract';
import { parseNames, parseTags } from './parse-fields.ts';

/** The state of a server's settings form. Header values are write-only, so stored ones can only be replaced or removed. */
export interface ServerForm {
  name: string;
  description: string;
  tags: string;
  license: string;
  transport: Transport;
  adapt: boolean;
  hostMode: 'upstream' | 'public';
  connectS: number;
  readS: number;
  sendS: number;
  instances: { key: number; url: string; weight: number; enabled: boolean }[];
  removedHeaders: string[];
  headerRows: { id: number; name: string; value: string }[];
  /** Names of forwarded headers, separated by spaces or commas. */
  forwardHeaders: string;
}

/** The form state of a server. */
export function toForm(server: ServerView): ServerForm {
  const { name, description, tags, license, transport, adapt, hostMode, timeouts, instances } = server;
  return {
    name,
    description,
    tags: tags.join(' '),
    license,
    transport,
    adapt,
    hostMode,
    connectS: timeouts.connectMs / 1000,
    readS: timeouts.readMs / 1000,
    sendS: timeouts.sendMs / 1000,
    instances: instances.map(({ url, weight, enabled }, key) => ({ key, url, weight, enabled })),
    removedHeaders: [],
    headerRows: [],
    forwardHeaders: server.forwardHeaders.join(' '),
  };
}

/** The editable fields of a server, in the shape of a patch. */
export function editableFields(server: ServerView): Record<string, unknown> {
  const { name, description, tags, license, transport, adapt, hostMode, timeouts, instances } = server;
  return {
    name,
    description,
    tags,
    license,
    transport,
    adapt,
    hostMode,
    forwardHeaders: server.forwardHeaders,
    timeouts,
    instances: instances.map(({ url, weight, enabled }) => ({ url, weight, enabled })),
  };
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

/** The PATCH body: only the fields that differ from `server`. */
export function toPatch(form: ServerForm, server: ServerView): Record<string, unknown> {
  const edited: Record<string, unknown> = {
    name: form.name.trim(),
    description: form.description.trim(),
    tags: parseTags(form.tags).sort(),
    license: form.license.trim(),
    transport: form.transport,
    adapt: form.adapt,
    hostMode: form.hostMode,
    forwardHeaders: parseNames(form.forwardHeaders).sort(),
    timeouts: { connectMs: toMs(form.connectS), readMs: toMs(form.readS), sendMs: toMs(form.sendS) },
    instances: form.instances.map(({ url, weight, enabled }) => ({ url: url.trim(), weight, enabled })),
  };
  const before = editableFields(server);
  const patch = Object.fromEntries(
    Object.entries(edited).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field])),
  );
  const headers: Record<string, string | null> = {};
  for (const name of form.removedHeaders) headers[name] = null;
  // A header without a value is not a credential.
  for (const { name, value } of form.headerRows)
    if (name.trim() !== '' && value.trim() !== '') headers[name.trim()] = value;
  return Object.keys(headers).length === 0 ? patch : { ...patch, headers };
}
