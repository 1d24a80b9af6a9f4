import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { RegistryError } from '../errors.ts';

const YEAR_S = 31_536_000;

/** The built UI below /ui/: hashed files for ever, the page always anew, and the page for every address that is the UI's own. */
export function serveUi(app: Express, uiDir: string | undefined): void {
  // Relative, so that a prefix which a proxy in front takes away is kept.
  app.get('/', (_request, response) => response.redirect(302, 'ui/'));
  if (uiDir === undefined) return;
  app.get('/ui', (request, response, next) => {
    if (request.path.endsWith('/')) next();
    else response.redirect(302, 'ui/');
  });
  app.use(
    '/ui',
    express.static(uiDir, {
      index: false,
      redirect: false,
      setHeaders: (response, file) => {
        const isHashed = file.startsWith(join(uiDir, 'assets'));
        response.set('Cache-Control', isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
      },
    }),
  );
  const page = join(uiDir, 'index.html');
  app.get('/ui/*path', showPage);
  app.get('/ui/', showPage);

  function showPage(request: express.Request, response: express.Response, next: express.NextFunction): void {
    // A file that is not there is not a page: a browser would run HTML as a script.
    if (/\.[a-z0-9]+$/i.test(request.path) || request.path.startsWith('/ui/assets/')) {
      next();
      return;
    }
    if (!existsSync(page)) {
      next(new RegistryError('not_found', 'the UI is not built', { hint: 'Run: npm run build' }));
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(page);
  }
}
