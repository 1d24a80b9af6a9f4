import { z } from 'zod';

/** Names as Docker defines them; none begins with "-", so none is mistaken for an option. */
export const dockerInput = z
  .strictObject({
    image: z
      .string()
      .max(500)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/:@-]*$/, 'the name of an image, for example mcp/fetch:1.2')
      .optional()
      .describe('run in a new container, which is removed when it ends: docker run --rm -i --init'),
    container: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'the name or id of a container: letters, digits, "_", "." and "-"')
      .optional()
      .describe('run in a container that is already running: docker exec -i'),
  })
  .superRefine(({ image, container }, context) => {
    if ((image === undefined) === (container === undefined))
      context.addIssue({ code: 'custom', path: ['image'], message: 'give either "image" or "container"' });
  });

export type DockerInput = z.infer<typeof dockerInput>;

/** The program that runs a server in a container. Values of variables are in the environment of `docker`, never among its arguments. */
export function writeDocker(
  { image, container }: DockerInput,
  args: readonly string[],
  variables: readonly string[],
): { command: string; args: string[] } {
  const named = variables.flatMap((name) => ['-e', name]);
  // With an init the program gets the SIGTERM that "docker run" passes on, which process 1 ignores unless it handles the signal.
  const begin = container === undefined ? ['run', '--rm', '-i', '--init', ...named] : ['exec', '-i', ...named];
  return { command: 'docker', args: [...begin, image ?? container ?? '', ...args] };
}
