export { createExecute, type Execute } from './create-execute.ts';
