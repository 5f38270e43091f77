// The console's frame has no origin, so a browser gives it no storage, and the console asks for some. What it keeps there lives as long as the page.
"use strict";

for (const name of ["localStorage", "sessionStorage"]) {
  const kept = new Map();
  Object.defineProperty(globalThis, name, {
    configurable: true,
    value: {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (at) => [...kept.keys()][at] ?? null,
      get length() { return kept.size; },
    },
  });
}
