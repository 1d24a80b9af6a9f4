/** The last revision of MCP with sessions, and the one that mcpgw offers to clients and servers of that era. */
export const LEGACY_VERSION = '2025-11-25';
/** The first revision of MCP without sessions. Revisions are dates, so they compare. */
export const MODERN_VERSION = '2026-07-28';
