import { LEGACY_VERSION } from '@mcpgw/registry/contract';
import type { Params } from '../connection/message.ts';
import { VERSION } from '../version.ts';

/** Parameters of `initialize` when the bridge sends it instead of a client: all capabilities that a client may have. */
export const INITIALIZE: Params = {
  protocolVersion: LEGACY_VERSION,
  capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
  clientInfo: { name: 'mcpgw', version: VERSION },
};
