/** Where the UI is served: the document's base, always ending with "/" (for example "https://gw/prefix/ui/"). */
export function uiBase(): URL {
  return new URL('./', document.baseURI);
}

/** A URL of the registry, which is served next to the UI: `apiUrl('api/servers')` is `…/prefix/api/servers`. */
export function apiUrl(path: string): URL {
  return new URL(`../${path}`, uiBase());
}

/** The URL of `/ws`; `since` resumes after that sequence number. */
export function liveUrl(since: number | null): string {
  const url = apiUrl('ws');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (since !== null) url.searchParams.set('since', String(since));
  return url.href;
}

let parsed = { from: '', path: '' };

/** A link within the UI, as an absolute path: `href('/servers')` is `/prefix/ui/servers`. */
export function href(path: string): string {
  // Parsed once: a list creates a link for each row.
  if (parsed.from !== document.baseURI) parsed = { from: document.baseURI, path: uiBase().pathname };
  return parsed.path + path.replace(/^\//, '');
}
