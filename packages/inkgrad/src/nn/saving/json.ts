/** JSON that has all numbers: NaN, the infinities and −0 too, which JSON itself loses. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))
      ? { $number: Object.is(part, -0) ? "-0" : String(part) }
      : part,
  );

export const readJson = (text: string): unknown =>
  JSON.parse(text, (_key, part: unknown) => {
    const marked = (part as { $number?: unknown } | null)?.$number;
    return typeof marked === "string" ? Number(marked) : part;
  });
