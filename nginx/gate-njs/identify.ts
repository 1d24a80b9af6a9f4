import crypto from 'crypto';
import type { KeyFile } from '../../registry/contract/access-files.ts';
import { readKeyFile } from './access.ts';
import type { Refusal } from './answer.ts';
import { isOver } from './is-over.ts';
import { KEY_LENGTH, isChecksumRight, isKeyShaped, readKey } from './key.ts';
import type { GateRequest } from './njs.d.ts';

export interface Caller {
  key: string;
  name: string;
  grants: KeyFile['grants'];
}

const GET_KEY = 'ask the operator of this gateway for a key and send it as "Authorization: Bearer <key>"';

function unauthorized(reason: string, message: string, hint: string): Refusal {
  return { answer: 'unauthorized', reason: reason, message: message, hint: hint };
}

function refuseKey(key: string): Refusal {
  if (!isKeyShaped(key)) return unauthorized('key_malformed', 'this is not a key of this gateway', GET_KEY);
  if (!isChecksumRight(key))
    return unauthorized('key_mistyped', 'the key has a typing error', 'copy the key again, whole');
  return unauthorized('key_unknown', 'the key is unknown or was revoked', GET_KEY);
}

/** Who calls, by the key of the request (DESIGN §6.1), or why that is nobody. */
export function identify(r: GateRequest, now: number): Caller | Refusal {
  const key = readKey(r.variables.http_authorization, r.variables.http_x_api_key);
  if (key === undefined || key === '') return unauthorized('key_missing', 'a key is needed', GET_KEY);
  if (key.length !== KEY_LENGTH) return refuseKey(key);
  const file = readKeyFile(r, crypto.createHash('sha256').update(key).digest('hex'));
  // Shape and checksum are looked at for refused keys only: a key whose file is there is right.
  if (file === undefined || file === null || typeof file.agent !== 'string' || !Array.isArray(file.grants))
    return refuseKey(key);
  if (isOver(file.expiresAt, now)) return unauthorized('key_expired', 'the key has expired', GET_KEY);
  if (file.enabled !== true)
    return {
      answer: 'forbidden',
      reason: 'agent_disabled',
      message: `the agent ${file.agent} is disabled`,
      hint: 'ask the operator of this gateway to enable it',
    };
  if (isOver(file.agentExpiresAt, now))
    return unauthorized('agent_expired', `the agent ${file.agent} has expired`, 'ask the operator to prolong it');
  return { key: key, name: file.agent, grants: file.grants };
}
