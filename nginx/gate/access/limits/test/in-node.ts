// TypeScriptToLua's function for multiple results; in Node they are an array.
Object.assign(globalThis, { $multi: (...values: unknown[]) => values });
