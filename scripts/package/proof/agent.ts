import { signIn } from '../../../test/support/gateway/admin-client.ts';
import { connectClient, echo } from '../../../test/support/gateway/call-tool.ts';
import { startLoad } from '../../../test/support/faults/load/load.ts';
import { startAlone } from '../../../test/fixtures/kit/start-alone.ts';
import { startEverything } from '../../../test/support/gateway/start-everything.ts';

// In the machine's network: registers two servers, calls one with a client and the other continuously until stdin ends, and reports lost calls.
const GATEWAY = 'http://localhost:8080';
const everything = await startEverything();
const calm = await startAlone('backends/compliant/light-servers.ts', { count: 1 });
try {
  const admin = await signIn(GATEWAY, 'admin', process.env['PASSWORD'] ?? '');
  for (const [path, { url }] of Object.entries({ everything, calm }))
    await admin.must('POST', '/api/servers', { path, url });
  await admin.must('POST', '/api/agents', { name: 'prover', grants: [{ server: '*' }] });
  const { key } = await admin.must<{ key: string }>('POST', '/api/agents/prover/keys', {});
  const client = await connectClient(`${GATEWAY}/everything/mcp`, key);
  await echo(client, 'before');
  const load = startLoad({ url: GATEWAY, path: 'calm', key, pauseMs: 5, maxMs: 600_000 });
  await load.answers(50);
  console.log('calling');
  await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  const { calls, failures } = await load.stop();
  // The session from before the upgrade still works.
  await echo(client, 'after');
  await client.close();
  console.log(`${calls} calls, ${failures.length} failed ${failures.length > 0 ? JSON.stringify(failures) : ''}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await calm.close();
  await everything.close();
}
