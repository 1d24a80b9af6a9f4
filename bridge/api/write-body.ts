import { isRecord, type ApiBody } from '@mcpgw/registry/contract';
import { FormData } from 'undici';
import { toText, InvalidArgument, writeDeep } from './write-parameter.ts';

export interface WrittenBody {
  body: string | Buffer | FormData;
  /** Undefined: `fetch` derives it from the body. */
  contentType: string | undefined;
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function decode(argument: string, value: unknown): Buffer {
  const text = typeof value === 'string' ? value.replace(/\s/g, '') : undefined;
  if (text === undefined || !BASE64.test(text)) throw new InvalidArgument(`${argument}: must be base64`);
  return Buffer.from(text, 'base64');
}

function requireMembers(kind: string, value: unknown): [string, unknown][] {
  if (!isRecord(value)) throw new InvalidArgument(`body: must be an object; it is sent as ${kind}`);
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function writeForm({ deep }: ApiBody, value: unknown): string {
  const pairs = requireMembers('a form', value).flatMap(([name, one]): (readonly [string, string])[] => {
    if (deep.includes(name)) return writeDeep(name, one);
    return Array.isArray(one) ? one.map((item) => [name, toText(item)] as const) : [[name, toText(one)]];
  });
  return new URLSearchParams(pairs as [string, string][]).toString();
}

function toFile(name: string, value: unknown): File {
  const given = isRecord(value) ? value : { data: value };
  const data = decode(`body.${name}`, given['data']);
  const type = typeof given['contentType'] === 'string' ? given['contentType'] : 'application/octet-stream';
  return new File([new Uint8Array(data)], typeof given['filename'] === 'string' ? given['filename'] : name, { type });
}

function writeMultipart({ files }: ApiBody, value: unknown): FormData {
  const form = new FormData();
  for (const [name, one] of requireMembers('a multipart form', value)) {
    const all = Array.isArray(one) ? (one as unknown[]) : [one];
    if (files.includes(name)) for (const file of all) form.append(name, toFile(name, file));
    else if (all.some(isRecord))
      for (const item of all) form.append(name, new File([toText(item)], '', { type: 'application/json' }));
    else for (const item of all) form.append(name, toText(item));
  }
  return form;
}

/** The body of a request. Throws InvalidArgument. */
export function writeBody(body: ApiBody, value: unknown): WrittenBody {
  const { kind, mediaType: contentType } = body;
  if (kind === 'json') return { body: JSON.stringify(value), contentType };
  if (kind === 'form') return { body: writeForm(body, value), contentType };
  if (kind === 'multipart') return { body: writeMultipart(body, value), contentType: undefined };
  if (kind === 'binary') return { body: decode('body', value), contentType };
  return { body: toText(value), contentType };
}
