#!/usr/bin/env node
import { run } from "./program.js";

// Whoever reads the output may have seen enough (`| head`): what is computed is still written to files.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

process.exitCode = await run(process.argv.slice(2));
