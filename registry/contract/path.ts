import { z } from 'zod';
import { explainPath } from './explain-path.ts';

/** A server path as written by a person: slashes around it are dropped, then DESIGN §5 holds. */
export const serverPath = z
  .string()
  .max(200)
  .transform((written) => written.trim().replace(/^\/+|\/+$/g, ''))
  .superRefine((path, context) => {
    const message = explainPath(path);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

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
