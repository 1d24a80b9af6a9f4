import type { Request, Response } from 'express';
import ipaddr from 'ipaddr.js';
import type { Actor, Role } from '../../contract/index.ts';
import { requestIdOf } from '../middleware/request-id.ts';

/** Who is calling: a person with a session, or an agent with a role. */
export interface Caller {
  kind: 'user' | 'agent';
  name: string;
  role: Role;
  /** When the session ends if no further request arrives; null for a key. */
  expiresAt: string | null;
  /** Hash of the session's id, for a person. */
  sidHash: string | null;
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether `role` includes the rights of `needed`: viewer < operator < admin. */
export function includesRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** The client's address: behind NGINX the one from X-Forwarded-For. */
export function addressOf(request: Request): string | null {
  const { ip = null } = request;
  // An IPv4 client of a dual-stack socket is named by its IPv4 address.
  return ip !== null && ipaddr.isValid(ip) ? ipaddr.process(ip).toString() : ip;
}

/** The caller as the audit names it. */
export function actorOf(request: Request, response: Response, caller: Caller | null): Actor {
  const address = addressOf(request);
  const requestId = requestIdOf(response);
  return caller === null
    ? { kind: 'user', name: 'anonymous', address, requestId }
    : { kind: caller.kind, name: caller.name, address, requestId };
}
