/** Golden values that wait for their operations. Each name goes when the operation comes. */

export const pendingPrimitives: readonly string[] = [];

export const pendingComposites: readonly string[] = [];
