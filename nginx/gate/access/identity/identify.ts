import { platform } from 'platform/system';
import type { Refusal } from '../../answers/refusal.ts';
import type { KeyRecord } from '../records/index.ts';
import { hashKey } from './hash-key.ts';
import { KEY_LENGTH, isChecksumRight, isKeyShaped } from './key-shape.ts';

const GET_KEY = 'ask the operator of this gateway for a key and send it as "Authorization: Bearer <key>"';

/** The record of the caller's key, or why there is none. */
export type Identity = { record: KeyRecord; refusal?: undefined } | { record?: undefined; refusal: Refusal };

function unauthorized(reason: string, message: string, hint: string): Identity {
  return { refusal: { answer: 'unauthorized', reason, message, hint } };
}

function refuseUnknown(key: string): Identity {
  if (!isKeyShaped(key)) return unauthorized('key_malformed', 'this is not a key of this gateway', GET_KEY);
  if (!isChecksumRight(key))
    return unauthorized('key_mistyped', 'the key has a typing error', 'copy the whole key again');
  return unauthorized('key_unknown', 'the key is unknown or was revoked', GET_KEY);
}

function hasPassed(atMs: number | undefined): boolean {
  return atMs !== undefined && platform.now() * 1000 >= atMs;
}

/** What is wrong with a known key or its agent; undefined: nothing. */
export function judgeKey(record: KeyRecord): Refusal | undefined {
  if (hasPassed(record.expiresAtMs))
    return { answer: 'unauthorized', reason: 'key_expired', message: 'the key has expired', hint: GET_KEY };
  if (!record.enabled)
    return {
      answer: 'forbidden',
      reason: 'agent_disabled',
      message: `the agent ${record.agent} is disabled`,
      hint: 'ask the operator of this gateway to enable it',
    };
  if (hasPassed(record.agentExpiresAtMs))
    return {
      answer: 'unauthorized',
      reason: 'agent_expired',
      message: `the agent ${record.agent} has expired`,
      hint: 'ask the operator of this gateway to extend it',
    };
  return undefined;
}

/** Identifies the caller by its key. Format and checksum are checked only for refused keys: a key that has a file is valid. */
export function identify(
  key: string | undefined,
  findRecord: (this: void, sha256: string) => KeyRecord | undefined,
): Identity {
  if (key === undefined || key === '') return unauthorized('key_missing', 'a key is needed', GET_KEY);
  if (key.length !== KEY_LENGTH) return refuseUnknown(key);
  const record = findRecord(hashKey(key));
  if (record === undefined) return refuseUnknown(key);
  const refusal = judgeKey(record);
  return refusal === undefined ? { record } : { refusal };
}
