import { isRecord, type ApiBody } from '../contract/index.ts';
import { shorten, type Document, type Json } from './document.ts';
import { inlineSchema } from './schema/inline-schema.ts';

export interface CompiledBody {
  body: ApiBody;
  schema: Json;
  isRequired: boolean;
}

type Kind = ApiBody['kind'];

function kindOf(mediaType: string): Kind {
  const type = mediaType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  return type.startsWith('text/') || /[/+](xml|yaml|x-yaml)$/.test(type) ? 'text' : 'binary';
}
/** The first of these that an operation accepts is used. */
const PREFERRED: readonly Kind[] = ['json', 'form', 'multipart', 'text', 'binary'];

const FILE = {
  type: 'object',
  description: 'A file',
  properties: {
    data: { type: 'string', contentEncoding: 'base64', description: 'its content in base64' },
    filename: { type: 'string' },
    contentType: { type: 'string', description: 'its media type' },
  },
  required: ['data'],
};

function isFile(document: Document, schema: unknown): boolean {
  const found = document.follow(schema) ?? {};
  // OpenAPI 3.0 marks a file by "format", 3.1 by the absence of an encoding; "binary" (RFC 2045 §6) counts as none.
  const isPlain = found['contentEncoding'] === undefined || found['contentEncoding'] === 'binary';
  const isBinary = found['format'] === 'binary' || found['contentEncoding'] === 'binary';
  return isBinary || ('contentMediaType' in found && isPlain);
}

/** Members of a multipart body that are files, and its schema with the arguments of the tool in their place. */
function placeFiles(document: Document, schema: Json, written: unknown): { schema: Json; files: string[] } {
  const found = document.follow(written) ?? {};
  const files: string[] = [];
  const parts = Array.isArray(found['allOf']) ? (found['allOf'] as unknown[]) : [];
  if (Array.isArray(schema['allOf'])) {
    const placed = (schema['allOf'] as Json[]).map((part, index) => placeFiles(document, part, parts[index]));
    files.push(...placed.flatMap((part) => part.files));
    schema = { ...schema, allOf: placed.map((part) => part.schema) };
  }
  const declared = found['properties'];
  if (!isRecord(declared)) return { schema, files };
  const properties = { ...(isRecord(schema['properties']) ? schema['properties'] : {}) };
  for (const [name, value] of Object.entries(declared)) {
    const member = document.follow(value) ?? {};
    const description = shorten(member['description'], 400);
    const file = description === '' ? FILE : { ...FILE, description };
    if (isFile(document, value)) properties[name] = file;
    else if (member['type'] === 'array' && isFile(document, member['items']))
      properties[name] = { type: 'array', items: file };
    else continue;
    files.push(name);
  }
  return { schema: { ...schema, properties }, files };
}

/** The body that an operation accepts; undefined: none. */
export function compileBody(document: Document, operation: Json, maxLength: number): CompiledBody | undefined {
  const requestBody = document.follow(operation['requestBody']);
  const content = requestBody?.['content'];
  if (!isRecord(content)) return undefined;
  const [chosen] = Object.entries(content)
    .map(([mediaType, media]) => ({ mediaType, media: document.follow(media) ?? {}, kind: kindOf(mediaType) }))
    .sort((a, b) => PREFERRED.indexOf(a.kind) - PREFERRED.indexOf(b.kind));
  if (chosen === undefined) return undefined;
  const { media, kind } = chosen;
  const mediaType = chosen.mediaType.includes('*') ? 'application/octet-stream' : chosen.mediaType;
  const isRequired = requestBody?.['required'] === true;
  const about = shorten(requestBody?.['description'], 400);
  const described = (schema: Json): Json => (about === '' ? schema : { ...schema, description: about });
  const body = { kind, mediaType, deep: [] as string[], files: [] as string[] };
  if (kind === 'text') return { body, isRequired, schema: described({ type: 'string', description: mediaType }) };
  if (kind === 'binary')
    return {
      ...{ body, isRequired },
      schema: {
        type: 'string',
        contentEncoding: 'base64',
        description: `${about === '' ? mediaType : about}, in base64`,
      },
    };
  const inlined = inlineSchema(document, media['schema'], maxLength);
  const { schema, files } =
    kind === 'multipart' ? placeFiles(document, inlined, media['schema']) : { schema: inlined, files: [] };
  const encoding = isRecord(media['encoding']) ? media['encoding'] : {};
  const deep = Object.keys(encoding).filter((name) => document.follow(encoding[name])?.['style'] === 'deepObject');
  return { body: { ...body, files, deep }, isRequired, schema: described(schema) };
}
