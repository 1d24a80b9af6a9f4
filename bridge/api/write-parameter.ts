import { isRecord, type ApiParameter } from '@mcpgw/registry/contract';

/** A value that cannot be encoded at its place in the request; the message is for the caller. */
export class InvalidArgument extends Error {
  override readonly name = 'InvalidArgument';
}

const SEPARATORS: Partial<Record<ApiParameter['style'], string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };
// RFC 3986 §2.2; "&", "=", "+" and "#" would end the value in a query.
const RESERVED = /%(3A|2F|3F|5B|5D|40|21|24|27|28|29|2A|2C|3B)/gi;

export function encode(value: string, allowReserved = false): string {
  const encoded = encodeURIComponent(value.toWellFormed());
  return allowReserved ? encoded.replace(RESERVED, (found) => decodeURIComponent(found)) : encoded;
}

export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

type Pair = readonly [name: string, value: string];

/** `a[b][c]=d`, encoded; lists as `a[0]`. */
export function writeDeep(name: string, value: unknown): Pair[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => writeDeep(`${name}[${index}]`, one));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, one]) => writeDeep(`${name}[${key}]`, one));
  return [[name, toText(value)]];
}

function writeSimple({ explode, isJson }: ApiParameter, value: unknown, separator = ','): string {
  if (isJson) return encode(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((one) => encode(toText(one))).join(separator);
  if (isRecord(value))
    return Object.entries(value)
      .map(([key, one]) => `${encode(key)}${explode ? '=' : ','}${encode(toText(one))}`)
      .join(separator);
  return encode(toText(value));
}

/** Encodes a path parameter (RFC 6570, as in OpenAPI). Throws InvalidArgument for a value that would change the path. */
export function writePath(parameter: ApiParameter, value: unknown): string {
  const { style, name, explode, argument } = parameter;
  const plain = Array.isArray(value) || isRecord(value) ? value : toText(value);
  if (plain === '' || (Array.isArray(plain) && plain.every((one) => one === '')) || plain === '.' || plain === '..')
    throw new InvalidArgument(`${argument}: ${JSON.stringify(plain)} cannot be used in a path`);
  if (style === 'label') return `.${writeSimple(parameter, value, explode ? '.' : ',')}`;
  if (style !== 'matrix') return writeSimple(parameter, value);
  if (explode && Array.isArray(value)) return value.map((one) => `;${encode(name)}=${encode(toText(one))}`).join('');
  if (explode && isRecord(value)) return `;${writeSimple(parameter, value, ';')}`;
  return `;${encode(name)}=${writeSimple(parameter, value)}`;
}

/** Encodes a query parameter as `name=value` pairs. */
export function writeQuery(parameter: ApiParameter, value: unknown): string[] {
  const { name, style, explode, isJson, allowReserved } = parameter;
  const pair = (key: string, one: unknown) => `${encode(key)}=${encode(toText(one), allowReserved)}`;
  if (isJson) return [pair(name, JSON.stringify(value))];
  if (style === 'deepObject') return writeDeep(name, value).map(([key, one]) => pair(key, one));
  if (Array.isArray(value)) {
    if (explode) return value.map((one) => pair(name, one));
    const separator = SEPARATORS[style] ?? ',';
    return [`${encode(name)}=${value.map((one) => encode(toText(one), allowReserved)).join(separator)}`];
  }
  if (isRecord(value)) {
    if (explode) return Object.entries(value).map(([key, one]) => pair(key, one));
    return [
      `${encode(name)}=${Object.entries(value)
        .flat()
        .map((one) => encode(toText(one), allowReserved))
        .join(',')}`,
    ];
  }
  return [pair(name, value)];
}

/** Encodes the value of a header. Throws InvalidArgument for a value that is not allowed in a header. */
export function writeHeader(parameter: ApiParameter, value: unknown): string {
  const plain = (one: unknown) => toText(one);
  const text = parameter.isJson
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? value.map(plain).join(',')
      : isRecord(value)
        ? Object.entries(value)
            .map(([key, one]) => `${key}${parameter.explode ? '=' : ','}${plain(one)}`)
            .join(',')
        : plain(value);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    throw new InvalidArgument(
      `${parameter.argument}: a header cannot contain line breaks, control characters or characters outside Latin-1`,
    );
  return text;
}
