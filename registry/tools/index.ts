export { createTools } from './create-tools.ts';
export type { Tools } from './create-tools.ts';
export { createToolPolicy } from './lock/tool-policy.ts';
export { scanTools } from './scan-tools.ts';
