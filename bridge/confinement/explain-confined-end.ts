import type { BridgeFile } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';

const NOT_ALLOWED =
  /namespace|uid map|gid map|setgroups|mount|pivot_root|umount|max_user_namespaces|loopback|capset|seccomp/i;
const NO_NETWORK =
  /ENOTCACHED|only-if-cached|offline|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EAI_FAIL|ECONNREFUSED|network is unreachable|name resolution|failed to fetch|getaddrinfo/i;
/** Programs that download what they run. */
const DOWNLOADERS = /(^|\/)(npx|npm|uvx|uv|pnpm|pnpx|bunx|yarn|pipx|deno)$/;

/**
 * Why a confined program ended, if the confinement is the reason; else undefined. `stderr` is the end of its error output.
 */
export function explainConfinedEnd({ path, program }: BridgeFile, stderr: string): BridgeError | undefined {
  const lines = stderr.split('\n');
  const [line] = lines.flatMap((one) => /^bwrap: (.+)$/.exec(one)?.[1] ?? []);
  if (line?.startsWith('execvp') === true)
    return new BridgeError(
      'program_failed',
      `the program of "${path}" cannot be started in its confinement: ${line}`,
      'Its interpreter (named in the first line of a script) may be in a hidden folder: add that folder to "confinement.readable".',
    );
  if (line !== undefined && /^unknown option/i.test(line))
    return new BridgeError(
      'confinement_unavailable',
      `"${path}" is confined, and the bubblewrap of this machine is too old: ${line}`,
      'Install bubblewrap 0.8 or newer. The server is not started without it.',
    );
  if (line !== undefined && NOT_ALLOWED.test(line))
    return new BridgeError(
      'confinement_unavailable',
      `"${path}" is confined, and this machine does not let the gateway do that: ${line}`,
      'The user of the gateway needs user namespaces; docs/bridge.md describes how to allow them. The server is not started without them.',
    );
  const isCut = program.confinement?.network === false && DOWNLOADERS.test(program.command) && NO_NETWORK.test(stderr);
  if (!isCut) return undefined;
  return new BridgeError(
    'program_failed',
    `"${path}" has no network to download its package with (confinement.network is false)`,
    `Pin the version of the package, set "confinement.network" to true, let it start once, and set it to false again: the download stays in the server's own folder.`,
  );
}
