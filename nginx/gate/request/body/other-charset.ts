const COMMON: Record<string, true | undefined> = {
  'application/json': true,
  'application/json; charset=utf-8': true,
  'application/json;charset=utf-8': true,
};

/** The value of a Content-Type parameter that names the charset; undefined: it is another parameter. */
function readCharset(parameter: string): string | undefined {
  const at = parameter.indexOf('=');
  if (at < 0 || parameter.slice(0, at).trim() !== 'charset') return undefined;
  const value = parameter.slice(at + 1).trim();
  return value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value;
}

/**
 * Whether a Content-Type makes the backend read the body in a charset other than UTF-8, in which the gate judges it. JSON has no charset
 * parameter (RFC 8259 §8.1, §11), but express.json and the SDK's legacy SSE server apply one: in UTF-7 the text `+ACI-` is a quote.
 */
export function namesOtherCharset(contentType: string): boolean {
  if (COMMON[contentType]) return false;
  const lower = contentType.toLowerCase();
  if (!lower.includes('charset')) return false;
  const parts = lower.split(';');
  for (const [index, part] of parts.entries()) {
    const charset = index === 0 ? undefined : readCharset(part);
    if (charset === 'utf-8' || charset === 'utf8') continue;
    if (part.includes('charset')) return true;
  }
  return false;
}
