import { expect, test } from 'vitest';
import { serverInput } from '../server/server.ts';

const problemsOf = (input: object) =>
  serverInput
    .safeParse({ path: 'box', ...input })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

test('a container is a program with an argument array; values of variables are not among the arguments', () => {
  const env = { TOKEN: 'secret' };
  const run = serverInput.parse({ path: 'box', docker: { image: 'mcp/fetch:1.2' }, args: ['--root', '/a b'], env });
  expect(run).toMatchObject({ transport: 'stdio', env, instances: [] });
  expect(run.program).toMatchObject({
    command: 'docker',
    args: ['run', '--rm', '-i', '--init', '-e', 'TOKEN', 'mcp/fetch:1.2', '--root', '/a b'],
  });
  const exec = serverInput.parse({ path: 'box', transport: 'docker', docker: { container: 'tools_1' }, args: ['mcp'] });
  expect(exec.program).toMatchObject({ command: 'docker', args: ['exec', '-i', 'tools_1', 'mcp'] });
  expect(exec).not.toHaveProperty('docker');
});

test.each([
  [{ docker: { container: '--privileged' }, args: ['x'] }, 'docker.container'],
  [{ docker: { image: '-v/:/host' } }, 'docker.image'],
  [{ docker: { image: 'a', container: 'b' }, args: ['x'] }, 'either'],
  [{ docker: { container: 'b' } }, 'say what to run'],
  [{ docker: { image: 'a' }, command: 'sh' }, '"command" does not belong'],
  [{ transport: 'docker' }, 'the container is missing'],
  [{ transport: 'stdio', command: 'x', docker: { image: 'a' } }, 'belongs to "transport": "docker"'],
])('%j is refused', (input, message) => {
  expect(problemsOf(input)?.join('\n')).toContain(message);
});
