import type { ErrorRequestHandler, RequestHandler } from 'express';
import { RegistryError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { toProblem } from '../framework/problem.ts';
import { requestIdOf } from './request-id.ts';

/** An error with the current state of the resource, which becomes `current` of the problem. */
export class WithCurrent extends Error {
  readonly thrown: unknown;
  readonly current: unknown;

  constructor(thrown: unknown, current: unknown) {
    super('stale', { cause: thrown });
    this.thrown = thrown;
    this.current = current;
  }
}

/** The response to an unknown address. */
export const answerUnknownRoute: RequestHandler = (request, _response, next) => {
  next(
    new RegistryError('not_found', `there is nothing at ${request.method} ${request.path.slice(0, 200)}`, {
      hint: 'The API is described at /docs and /openapi.json.',
    }),
  );
};

/** Answers everything that was thrown as application/problem+json; internal faults go to the log, never to the caller. */
export function answerProblem(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { problem, headers, isFault } =
      thrown instanceof WithCurrent ? toProblem(thrown.thrown, thrown.current) : toProblem(thrown);
    const requestId = requestIdOf(response);
    if (isFault) log.error({ err: thrown, requestId, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      next(thrown); // express closes the connection: the response has begun and cannot be undone
      return;
    }
    response.status(problem.status).set(headers).set('Cache-Control', 'no-store').type('application/problem+json');
    response.end(JSON.stringify({ ...problem, requestId }));
  };
}
