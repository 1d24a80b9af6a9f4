/** The members of a tool's definition that a tool lock compares, and that the gate lets through where one blocks. */
export const TOOL_MEMBERS: Readonly<Record<string, true | undefined>> = {
  name: true,
  title: true,
  description: true,
  inputSchema: true,
  outputSchema: true,
  annotations: true,
};
