import type { Params } from '../connection/message.ts';
import { VERSION } from '../version.ts';

/** What the bridge sends as `initialize` where no client does: whatever a client may be able to do. */
export const INITIALIZE: Params = {
  protocolVersion: '2025-11-25',
  capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
  clientInfo: { name: 'mcpgw', version: VERSION },
};
