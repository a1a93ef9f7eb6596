// `npm start`: for now, the first steps with the library, computed as you watch.
await import("../examples/first-steps.mjs");
