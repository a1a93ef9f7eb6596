// `npm start`: trains a reader of handwritten digits and reports how well it reads. Further arguments
// are passed on: `npm start -- --model mlp`.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../packages/inkgrad/dist/cli/main.js", import.meta.url));
const child = spawn(process.execPath, [command, "train", "digits", ...process.argv.slice(2)], {
  stdio: "inherit",
});
// Ctrl-C reaches the child by itself; this process only waits for it to end in good order.
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.on("close", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
