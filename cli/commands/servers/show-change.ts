import type { ServerChange } from '@mcpgw/registry/contract';
import { plural, type Output } from '../../output/index.ts';

/** Prints the result of a change of a server; `what` describes the change. */
export function showChange(output: Output, change: ServerChange, what: string): void {
  output.result(change, () => {
    const {
      path,
      status,
      applied,
      toolCount,
      gatewayUrl,
      error,
      warnings,
      droppedHeaders = [],
      enabled,
      removedAt,
    } = change;
    output.text(`${path} is ${what}${applied ? '' : '; NGINX does not serve the change yet'}.`);
    if (enabled && removedAt === null)
      output.text(`It is ${status} with ${plural(toolCount, 'tool')}, at ${gatewayUrl}`);
    if (error !== null) output.note(error);
    for (const warning of warnings) output.note(`Warning: ${warning}`);
    if (droppedHeaders.length > 0)
      output.note(
        `Its origin has changed, so these headers were deleted; set them again: ${droppedHeaders.join(', ')}`,
      );
  });
}
