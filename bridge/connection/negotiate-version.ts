import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Params } from './message.ts';

/**
 * The result of `initialize` for another client of a program that is already initialised: with the version that the client requests, if the
 * bridge supports it. The versions with sessions differ only by additions.
 */
export function negotiateVersion(initialized: Params, requested: Params): Params {
  const { protocolVersion } = requested;
  const isKnown = typeof protocolVersion === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion);
  return isKnown ? { ...initialized, protocolVersion } : initialized;
}
