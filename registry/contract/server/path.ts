import { z } from 'zod';
import { explainNewPath, explainPath } from '../rules/explain-path.ts';

function pathJudgedBy(explain: (path: string) => string | null) {
  return z
    .string()
    .max(200)
    .transform((written) => written.trim().replace(/^\/+|\/+$/g, ''))
    .superRefine((path, context) => {
      const message = explain(path);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
}

/** A server path as written by a person: slashes around it are dropped, then the rules of `explainPath` apply. */
export const serverPath = pathJudgedBy(explainPath);

/** The path that a server is to be registered at: a `serverPath` without another meaning. */
export const newServerPath = pathJudgedBy(explainNewPath);

/** Which servers a grant covers: one path, `team/*` (every path below `team/`) or `*` (every server but `mcpgw`). */
export const serverPattern = z
  .string()
  .max(200)
  .superRefine((pattern, context) => {
    if (pattern === '*') return;
    const message = explainPath(pattern.endsWith('/*') ? pattern.slice(0, -2) : pattern);
    if (message !== null)
      context.addIssue({ code: 'custom', message: `${message} (a pattern is "*", "team/*" or one path)` });
  });
