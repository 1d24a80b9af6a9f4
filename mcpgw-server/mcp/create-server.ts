import { McpServer } from '@modelcontextprotocol/server';
import packageJson from '../package.json' with { type: 'json' };
import type { RegistryAccess } from '../client/registry-client.ts';
import { explainAccess } from '../tools/access/explain-access.ts';
import { grantCall } from '../tools/access/grant-call.ts';
import { killSwitch } from '../tools/access/kill-switch.ts';
import { manageAgents } from '../tools/access/manage-agents.ts';
import { manageGroups } from '../tools/access/manage-groups.ts';
import { manageKeys } from '../tools/access/manage-keys.ts';
import { manageLimits } from '../tools/access/manage-limits.ts';
import { searchCalls } from '../tools/access/search-calls.ts';
import { getServerDetails } from '../tools/get-server-details.ts';
import { getServiceTools } from '../tools/get-service-tools.ts';
import { healthcheck } from '../tools/healthcheck.ts';
import { listServices } from '../tools/list-services.ts';
import { refreshService } from '../tools/refresh-service.ts';
import { registerService } from '../tools/register-service.ts';
import { removeService } from '../tools/remove-service.ts';
import { restoreService } from '../tools/restore-service.ts';
import { searchTools } from '../tools/search-tools.ts';
import { toggleService } from '../tools/toggle-service.ts';
import { updateService } from '../tools/update-service.ts';

const TOOLS = [
  registerService,
  updateService,
  removeService,
  restoreService,
  toggleService,
  getServerDetails,
  getServiceTools,
  refreshService,
  healthcheck,
  listServices,
  searchTools,
  manageAgents,
  manageKeys,
  manageGroups,
  manageLimits,
  explainAccess,
  searchCalls,
  grantCall,
  killSwitch,
];

const INSTRUCTIONS =
  'Manages an MCP gateway. Agents reach a registered server at <gateway>/<path>/mcp. ' +
  'search_tools finds tools by description; list_services and healthcheck return the status of the servers. ' +
  'All tools require an API key and have its permissions.';

/** Creates an MCP server with the key of one caller. Over HTTP, each request gets its own. */
export function createServer(access: RegistryAccess, report: (error: unknown) => void): McpServer {
  const server = new McpServer(
    { name: 'mcpgw', title: 'MCP gateway', version: packageJson.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  for (const register of TOOLS) register(server, access, report);
  return server;
}
