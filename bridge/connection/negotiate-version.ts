import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Params } from './message.ts';

/**
 * The result of `initialize` for one more client of a program that is initialised already: in the version that the client asks for, where the
 * bridge knows it. The versions with sessions differ in what they add, not in what they mean.
 */
export function negotiateVersion(initialized: Params, asked: Params): Params {
  const { protocolVersion } = asked;
  const isKnown = typeof protocolVersion === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion);
  return isKnown ? { ...initialized, protocolVersion } : initialized;
}
