import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../tensor/tensor.js";

export interface EpsilonOptions<Place extends string = "outside" | "inside"> {
  /** Keeps the divisor from 0. */
  readonly epsilon?: number;
  /** Is it added to the root (default), √v + ε, or under it, √(v + ε)? */
  readonly epsilonAt?: Place;
}

/** √v + ε or √(v + ε). */
export const rootOf = (v: Tensor, epsilon: number, at: "outside" | "inside"): Tensor =>
  at === "inside" ? v.add(epsilon).sqrt() : v.sqrt().add(epsilon);

export function requirePlace(
  at: string,
  kind: string,
  places: readonly string[] = ["outside", "inside"],
): void {
  if (!places.includes(at))
    throw new ValueError(
      `${kind}: epsilonAt must be ${places.map((place) => `"${place}"`).join(" or ")}, got ${JSON.stringify(at)}`,
    );
}

/** v moved by a share of the way to x: a running mean. */
export const towards = (v: Tensor, x: Tensor, share: number): Tensor => v.add(x.sub(v).mul(share));
