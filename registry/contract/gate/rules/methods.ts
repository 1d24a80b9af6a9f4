/** Methods that use nothing that can be granted. Lists are among them: their replies are filtered. */
const FREE: Record<string, true | undefined> = {
  initialize: true,
  ping: true,
  'server/discover': true,
  'logging/setLevel': true,
  'tools/list': true,
  'resources/list': true,
  'resources/templates/list': true,
  'prompts/list': true,
};

/** Whether messages of a method use nothing that can be granted. */
export function isFreeMethod(method: string): boolean {
  return FREE[method] === true || method.startsWith('notifications/');
}

/** Tasks are the results of tool calls, of any tool and agent. */
export function isTaskMethod(method: string): boolean {
  return method.startsWith('tasks/');
}
