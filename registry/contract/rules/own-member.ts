/** A member of an object from outside; inherited members (`constructor`, `__proto__`) do not count. */
export function ownMember<Value>(fields: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
