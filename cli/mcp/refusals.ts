import { GATE_ERRORS } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { CliError } from '../program/cli-error.ts';
import { EXIT, type ExitCode } from '../program/exit-codes.ts';

const refusal = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    data: z.object({ reason: z.string().optional(), hint: z.string().optional() }).loose().optional(),
  }),
});

function exitCodeOf(status: number): ExitCode {
  if (status === GATE_ERRORS.unauthorized.status || status === GATE_ERRORS.forbidden.status) return EXIT.denied;
  if (status === GATE_ERRORS.unknown_path.status) return EXIT.notFound;
  return status === GATE_ERRORS.unavailable.status ? EXIT.unreachable : EXIT.failed;
}

/** Remembers the last error response: the MCP SDK passes on the message of the gateway, but not its hint. */
export function watchRefusals(): { fetch: typeof fetch; last: () => CliError | null; lastStatus: () => number } {
  let last: CliError | null = null;
  let status = 0;
  return {
    last: () => last,
    lastStatus: () => status,
    async fetch(input, init) {
      const response = await fetch(input, init);
      last = null;
      status = response.status;
      if (response.ok) return response;
      const parsed = refusal.safeParse(
        await response
          .clone()
          .json()
          .catch(() => null),
      );
      if (parsed.success) {
        const { message, data } = parsed.data.error;
        last = new CliError(message, { exitCode: exitCodeOf(response.status), hint: data?.hint, data: parsed.data });
      }
      return response;
    },
  };
}
