// The shared language of registry, gate, UI and mcpgw-server: zod schemas and their types. Imports zod only.
export * from './access-files.ts';
export * from './agent.ts';
export * from './audit.ts';
export * from './call-log.ts';
export * from './gate-answers.ts';
export * from './generation.ts';
export * from './instance.ts';
export * from './page.ts';
export * from './path.ts';
export * from './probe.ts';
export * from './problem.ts';
export * from './server.ts';
export * from './status.ts';
export * from './tool.ts';
export * from './user.ts';
