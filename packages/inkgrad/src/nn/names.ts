/** A name as Keras writes it, "he_normal", in the manner of this library: "heNormal". */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Names that can also be written with underscores. */
export type SnakeCase<S extends string> = S extends `${infer H}${infer R}`
  ? H extends Lowercase<H>
    ? `${H}${SnakeCase<R>}`
    : `_${Lowercase<H>}${SnakeCase<R>}`
  : "";
