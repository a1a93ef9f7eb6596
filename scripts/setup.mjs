// Makes a checkout ready: dependencies as the lock file has them, and a current build.
// Runs before `npm start` and `npm test`; says nothing when there is nothing to do.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = join(root, "packages/inkgrad");
const lockFile = join(root, "package-lock.json");
const hashFile = join(root, "node_modules/.inkgrad-lock-hash");

requireNode(20, 19);
if (!dependenciesAreCurrent()) installDependencies();
const reason = whyBuild();
if (reason !== undefined) build(reason);

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  fail(
    `inkgrad needs Node ${major}.${minor} or newer; this is Node ${process.versions.node}.`,
    "Install a current Node from https://nodejs.org and try again.",
  );
}

function lockHash() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

function dependenciesAreCurrent() {
  if (!existsSync(join(root, "node_modules"))) return false;
  if (existsSync(hashFile)) return readFileSync(hashFile, "utf8") === lockHash();
  if (!installedMatchesLock()) return false;
  writeFileSync(hashFile, lockHash()); // someone ran npm ci by hand
  return true;
}

/** Compares the lock file with the record that npm itself keeps of what it installed. */
function installedMatchesLock() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.startsWith("node_modules/") ||
      entry.optional === true ||
      installed[path]?.version === entry.version,
  );
}

function installDependencies() {
  console.log("setup: installing the dependencies (npm ci)");
  const { status, error } = runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (status !== 0) {
    fail(
      `Installing the dependencies failed (npm ci ${error ? error.message : `ended with ${status}`}).`,
      'Check that the npm registry can be reached, then run "npm ci" by hand to see the whole story.',
    );
  }
  writeFileSync(hashFile, lockHash());
}

/** Runs the npm that started this script, else the one on the path. */
function runNpm(args) {
  const cli = process.env.npm_execpath;
  return cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)
    ? spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: "inherit" })
    : spawnSync("npm", args, {
        cwd: root,
        stdio: "inherit",
        shell: process.platform === "win32",
      });
}

/** Why the library has to be built, or undefined when the build is current. */
function whyBuild() {
  const stampFile = join(library, "dist/.build-stamp");
  if (!existsSync(stampFile)) return "there is no build yet";
  const builtAt = Date.parse(readFileSync(stampFile, "utf8").trim());
  const inputs = ["tsconfig.base.json", "README.md", "LICENSE", "package-lock.json"].map((name) =>
    join(root, name),
  );
  inputs.push(join(library, "tsconfig.json"), join(library, "webassembly.d.ts"));
  inputs.push(...everythingUnder(join(library, "src")));
  const newer = inputs.find((path) => statSync(path).mtimeMs > builtAt);
  return newer === undefined ? undefined : `${newer.slice(root.length)} is newer than the build`;
}

/** Files and folders: a folder's time changes when a file in it is removed. */
function everythingUnder(folder) {
  const entries = readdirSync(folder, { recursive: true });
  return [folder, ...entries.map((entry) => join(folder, entry))];
}

function build(why) {
  console.log(`setup: building the library (${why})`);
  const script = join(root, "scripts/build.mjs");
  const { status } = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

function fail(what, remedy) {
  console.error(`${what}\n${remedy}`);
  process.exit(1);
}
