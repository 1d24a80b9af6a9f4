import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import ipaddr from 'ipaddr.js';

const ACCEPTABLE = /^[A-Za-z0-9._-]{8,64}$/;

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** Assigns an id to every request, that of NGINX if it came through NGINX, so that both logs can be correlated. */
export const assignRequestId: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const isProxied = request.get('X-Forwarded-For') !== undefined && isLoopback(request.socket.remoteAddress);
  const isTrusted = isProxied && given !== undefined && ACCEPTABLE.test(given);
  response.locals['requestId'] = isTrusted ? given : randomUUID();
  response.set('X-Request-Id', requestIdOf(response));
  next();
};

/** The id that `assignRequestId` assigned. */
export function requestIdOf(response: Response): string {
  return String(response.locals['requestId']);
}
