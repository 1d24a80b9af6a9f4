/** Trims spaces and quotes around a pasted URL, and adds http:// to "host:8000/mcp". */
export function normalizeUrl(pasted: string): string {
  const url = pasted.trim().replace(/^["'<]+|["'>,;]+$/g, '');
  if (url === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  return /^(localhost|[\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:\d+)?(\/|$)/i.test(url) && /[.:]|^localhost/i.test(url)
    ? `http://${url}`
    : url;
}
