import { z } from 'zod';

/** What a person pastes into one client to use a server. The key is written as `${MCPGW_KEY}` or a placeholder, never a real one. */
export const connectSnippet = z.object({
  client: z.string().describe('claude-code, vscode, cursor, codex, gemini-cli, json, curl, typescript …'),
  title: z.string(),
  language: z.enum(['shell', 'json', 'toml', 'typescript', 'yaml', 'text']),
  /** The file that it belongs in, if there is one. */
  file: z.string().nullable(),
  text: z.string(),
  /** A link that installs it in the client (placeholder for the key, never a key), if the client supports links. */
  link: z.string().nullable(),
});
export const connectView = z.object({ url: z.string(), snippets: z.array(connectSnippet) });

export type ConnectSnippet = z.infer<typeof connectSnippet>;
