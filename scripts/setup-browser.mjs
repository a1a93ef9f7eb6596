// Looks for the Chromium that the browser tests use, and installs it where that is
// possible without asking. Never fails: without it, those tests are skipped and say so.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const chromium = "/usr/bin/chromium";
const minutes = 60_000;

if (!existsSync(chromium)) {
  const why = whyNotInstallable();
  if (why !== undefined) {
    console.log(`setup: ${chromium} is missing and ${why}; the browser tests will be skipped`);
  } else {
    console.log("setup: installing Chromium for the browser tests (apt-get install chromium)");
    const installed = apt("install", "-y", "--no-install-recommends", "chromium");
    if (!installed && apt("update")) apt("install", "-y", "--no-install-recommends", "chromium");
    if (!existsSync(chromium)) {
      console.log("setup: Chromium could not be installed; the browser tests will be skipped");
    }
  }
}

function whyNotInstallable() {
  if (process.env.INKGRAD_NO_BROWSER) return "INKGRAD_NO_BROWSER is set";
  if (!existsSync("/etc/debian_version")) return "this is not a Debian system";
  if (process.getuid?.() !== 0) return 'installing it needs root ("apt-get install chromium")';
  return undefined;
}

function apt(...args) {
  const { status } = spawnSync("apt-get", ["-qq", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: 5 * minutes,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}
