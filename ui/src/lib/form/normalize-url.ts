/** A URL as people paste it: spaces around it and quotes go, "host:8000/mcp" gets its http://. */
export function normalizeUrl(pasted: string): string {
  const bare = pasted.trim().replace(/^["'<]+|["'>,;]+$/g, '');
  if (bare === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return bare;
  return /^(localhost|[\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:\d+)?(\/|$)/i.test(bare) && /[.:]|^localhost/i.test(bare)
    ? `http://${bare}`
    : bare;
}
