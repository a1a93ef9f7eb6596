/** Commands as they can be pasted into a shell. */

/** An argument, in quotes if a shell would take it apart. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/** npx finds the command in a checkout, in a project that has inkgrad, and where it is installed. */
export const commandLine = (...args: readonly string[]): string =>
  ["npx", "inkgrad", ...args.map(quoted)].join(" ");
