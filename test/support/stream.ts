/** A stream that remembers what was written to it, and may pass for a terminal. */
export function stream(about: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  let written = "";
  const made = {
    ...about,
    write: (text: string): boolean => ((written += text), true),
    text: (): string => written,
  };
  return made as unknown as NodeJS.WritableStream & { text(): string };
}
