import { afterEach, expect, test } from 'vitest';
import { ECHO, startLegacy, startModern, startSse } from '../backends.ts';
import { createBackends, probeUrl, waitUntilReleased } from './probe-backend.ts';

const { use, close } = createBackends();
afterEach(close);

test('legacy Streamable HTTP: found below the base URL, session ended, sockets closed', async () => {
  const backend = await use(startLegacy());
  for (const url of [backend.url, `${backend.url}/`, `${backend.url}/mcp`]) {
    const seen = await probeUrl(url);
    expect(seen).toMatchObject({
      health: 'healthy',
      transport: 'streamable-http',
      era: 'legacy',
      protocolVersion: '2025-11-25',
      endpoints: { mcp: `${backend.url}/mcp`, sse: null },
      problem: null,
      tools: [ECHO],
    });
  }
  await waitUntilReleased(backend);
});

test('modern only: probed in its own era', async () => {
  const backend = await use(startModern());
  expect(await probeUrl(`${backend.url}/mcp`)).toMatchObject({
    health: 'healthy',
    era: 'modern',
    protocolVersion: '2026-07-28',
    tools: [ECHO],
  });
  await waitUntilReleased(backend);
});

test.each(['root', 'absolute', 'relative'] as const)('legacy SSE with a %s endpoint event', async (form) => {
  const backend = await use(startSse({ tools: [ECHO] }, form));
  for (const url of [backend.url, `${backend.url}/sse`])
    expect(await probeUrl(url)).toMatchObject({
      health: 'healthy',
      transport: 'sse',
      endpoints: { mcp: null, sse: `${backend.url}/sse` },
      tools: [ECHO],
    });
  await waitUntilReleased(backend);
});
