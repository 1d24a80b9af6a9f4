import type { RequestHandler } from 'express';
import { HttpProblem } from '../framework/problem.ts';

/** Answers 405 with what is possible (RFC 9110 §15.5.6), for a known URL and another method. */
export function rejectMethod(methods: readonly string[]): RequestHandler {
  const allow = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
  return (request, _response, next) => {
    next(
      new HttpProblem(405, 'Method not allowed', `${request.method} is not possible here; ${allow} is`, {
        headers: { Allow: allow },
      }),
    );
  };
}
