// No zod schema here: the UI imports this file, and its content security policy forbids zod.

/** Tools of one virtual server. */
export const MAX_VIRTUAL_TOOLS = 200;
/** Versions of one virtual server that are stored; older ones are deleted. */
export const MAX_VIRTUAL_VERSIONS = 50;

/** A name that every client accepts. */
export const VIRTUAL_TOOL_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** The name of a tool at its virtual server. */
export const nameOfVirtualTool = ({ name, tool }: { name?: string | undefined; tool: string }): string => name ?? tool;
