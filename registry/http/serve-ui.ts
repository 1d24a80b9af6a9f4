import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { RegistryError } from '../lib/errors.ts';

const YEAR_S = 31_536_000;

/** The page's own address as seen from a URL below /ui/: relative, so that a prefix which a proxy in front strips is preserved. */
export function relateBase(path: string): string {
  const depth = path.replace(/^\/ui\//, '').split('/').length - 1;
  return depth === 0 ? './' : '../'.repeat(depth);
}

/** A missing file is not answered with the page: a browser would interpret HTML as a script. Paths of servers may contain dots. */
function isFile(request: Request): boolean {
  const hasExtension = /\.[a-z0-9]+$/i.test(request.path) && !(request.get('Accept') ?? '').includes('text/html');
  return hasExtension || request.path.startsWith('/ui/assets/');
}

/** Content codings of the files that are compressed when the UI is built, best first, with the end of their names. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Sends the compressed form of a hashed file to a browser that accepts it. */
function sendCompressed(uiDir: string): RequestHandler {
  return (request, response, next) => {
    if (!/^\/assets\/[\w.-]+\.(js|css)$/.test(request.path)) {
      next();
      return;
    }
    response.vary('Accept-Encoding');
    for (const [coding, end] of CODINGS) {
      if (request.acceptsEncodings(coding) === false || !existsSync(join(uiDir, `${request.path}${end}`))) continue;
      response.set('Content-Encoding', coding).type(request.path.endsWith('.js') ? 'js' : 'css');
      request.url = `${request.path}${end}`;
      break;
    }
    next();
  };
}

function showPage(uiDir: string): RequestHandler {
  return async (request, response, next) => {
    if (isFile(request)) {
      next();
      return;
    }
    const page = await readFile(join(uiDir, 'index.html'), 'utf8').catch((cause: unknown) => {
      throw new RegistryError('not_found', 'the UI is not built', { hint: 'Run: npm run build', cause });
    });
    response.set('Cache-Control', 'no-cache').type('html');
    response.end(page.replace('<base href="./"', `<base href="${relateBase(request.path)}"`));
  };
}

/** The built UI below /ui/: hashed files are cached forever, the page never; every address of the UI returns the page. */
export function serveUi(app: Express, uiDir: string): void {
  app.get('/', (_request, response) => response.redirect(302, 'ui/'));
  app.get('/ui', (request, response, next) => {
    if (request.path.endsWith('/')) next();
    else response.redirect(302, 'ui/');
  });
  const files = express.static(uiDir, {
    index: false,
    redirect: false,
    setHeaders: (response, file) => {
      const isHashed = file.startsWith(join(uiDir, 'assets'));
      response.set('Cache-Control', isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
  app.use('/ui', sendCompressed(uiDir), (request, response, next) => {
    // The page itself is never sent unchanged: its base depends on the address.
    if (request.path === '/index.html') next();
    else void files(request, response, next);
  });
  app.get(['/ui/', '/ui/*path'], showPage(uiDir));
}
