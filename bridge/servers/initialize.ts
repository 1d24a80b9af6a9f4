import { LEGACY_VERSION } from '@mcpgw/registry/contract';
import type { Params } from '../connection/message.ts';
import { VERSION } from '../version.ts';

/** What the bridge sends as `initialize` where no client does: whatever a client may be able to do. */
export const INITIALIZE: Params = {
  protocolVersion: LEGACY_VERSION,
  capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
  clientInfo: { name: 'mcpgw', version: VERSION },
};
