// TypeScriptToLua's function for several results; in Node they are an array.
Object.assign(globalThis, { $multi: (...values: unknown[]) => values });
