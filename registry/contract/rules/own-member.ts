/** A member of an object that came from outside; what every object inherits (`constructor`, `__proto__`) is none of its members. */
export function ownMember<Value>(fields: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
