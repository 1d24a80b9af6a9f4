import type { RequestHandler } from 'express';
import { HttpProblem } from '../framework/problem.ts';

/** Responds with 405 and the allowed methods (RFC 9110 §15.5.6), for a known URL and another method. */
export function rejectMethod(methods: readonly string[]): RequestHandler {
  const allow = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
  return (request, _response, next) => {
    next(
      new HttpProblem(405, 'Method not allowed', `${request.method} is not allowed here; allowed: ${allow}`, {
        headers: { Allow: allow },
      }),
    );
  };
}
