/**
 * Whether a Content-Type asks the backend to read the body in another charset than UTF-8, in which the gate judges it. JSON has no charset
 * (RFC 8259 §8.1, §11), but express.json and the SDK's legacy SSE server obey one: in UTF-7 the text `+ACI-` is a quote.
 */
export function namesOtherCharset(contentType: string): boolean {
  const lower = contentType.toLowerCase();
  if (lower.indexOf('charset') < 0) return false;
  return lower.replace(/;\s*charset\s*=\s*(?:"utf-?8"|utf-?8)\s*(?=;|$)/g, '').indexOf('charset') >= 0;
}
