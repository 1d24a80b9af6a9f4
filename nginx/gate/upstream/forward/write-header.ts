const TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+.^_`|~-";

function isToken(name: string): boolean {
  if (name === '') return false;
  for (let i = 0; i < name.length; i += 1) if (!TOKEN.includes(name.charAt(i))) return false;
  return true;
}

function isValue(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const byte = value.charCodeAt(i);
    if ((byte < 0x20 && byte !== 9) || byte === 0x7f) return false;
  }
  return true;
}

/**
 * A header line preceded by a line end, to be appended to the value of another header. Undefined for an invalid field name or value
 * (RFC 9110 §5): anything else would allow request smuggling.
 */
export function writeHeader(name: string, value: string): string | undefined {
  return isToken(name) && isValue(value) ? `\r\n${name}: ${value}` : undefined;
}
