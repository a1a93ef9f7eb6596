/** What can be chosen on the command line; apart, so that help loads quickly. */

export const modelNames = ["softmax", "mlp", "cnn", "best"] as const;
export type ModelName = (typeof modelNames)[number];
