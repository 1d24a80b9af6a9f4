import type { ApiFile, ApiOperation } from '@mcpgw/registry/contract';
import { fetch, type Agent, type BodyInit } from 'undici';
import type { Params } from '../connection/message.ts';
import { buildRequest, type ApiRequest } from './build-request.ts';
import { errorResult, readResponse } from './read-response.ts';
import { InvalidArgument } from './write-parameter.ts';

const MIN_SECRET = 6;

/** Replaces secrets of the request wherever the response repeats them. */
function hideSecrets(file: ApiFile, result: Params): Params {
  const cookies = Object.entries(file.headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie' ? value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim()) : [],
  );
  const values = [...Object.values(file.headers), ...cookies, ...new URL(file.url).searchParams.values()];
  const secrets = values
    .flatMap((value) => [value, value.replace(/^\S+ /, '')])
    .filter((one) => one.length >= MIN_SECRET);
  const content = (result['content'] as { type: string; text?: string }[]).map((item) =>
    item.text === undefined
      ? item
      : { ...item, text: secrets.reduce((text, secret) => text.replaceAll(secret, '(secret)'), item.text) },
  );
  return { ...result, content };
}

/** Omits the address, which agents must not see. */
function explain(error: unknown, timeoutMs: number): string {
  const { cause, name } = error as { cause?: { code?: string; name?: string }; name?: string };
  if (name === 'TimeoutError') return `the API did not answer within ${Math.round(timeoutMs / 1_000)} s`;
  return `the API cannot be reached (${cause?.code ?? cause?.name ?? name ?? 'unknown'}); the operator of the gateway can see why`;
}

/** Calls an operation; a failure is a result with `isError`, as the caller can react to it. */
export async function callApi(
  agent: Agent,
  file: ApiFile,
  operation: ApiOperation,
  { given, signal }: { given: Record<string, unknown>; signal: AbortSignal },
): Promise<Params> {
  let request: ApiRequest;
  try {
    request = buildRequest(file, operation, given);
  } catch (error) {
    if (error instanceof InvalidArgument) return errorResult(`${operation.tool.name}: ${error.message}`);
    throw error;
  }
  const { url, method, headers, body } = request;
  const limit = AbortSignal.timeout(file.callMs);
  try {
    const response = await fetch(url, {
      ...{ method, headers, dispatcher: agent, redirect: 'manual' },
      signal: AbortSignal.any([signal, limit]),
      ...(body !== undefined && { body: body as BodyInit }),
    });
    return hideSecrets(file, await readResponse(response, `openapi://${file.path}${operation.path}`));
  } catch (error) {
    return errorResult(explain(limit.aborted ? limit.reason : error, file.callMs));
  }
}
