import type { Buffer } from "../../program.js";
import { type HostStep, isHost, type Lowered } from "./lower.js";

/** When a program writes over its inputs: what is lost if it fails on the way. */
export class Overwriting {
  private readonly phaseOfStep: number[] = [];
  private readonly phaseOfHost = new Map<HostStep, number>();
  /** Each input's first phase that writes to its place. */
  private readonly begun = new Map<number, number>();

  constructor(segments: Lowered["segments"], places: ReadonlyMap<Buffer, number>) {
    let phase = 0;
    const note = (writes: readonly Buffer[]): void => {
      for (const buffer of writes) {
        const place = places.get(buffer);
        if (place !== undefined && !this.begun.has(place)) this.begun.set(place, phase);
      }
    };
    for (const segment of segments)
      if (isHost(segment)) {
        note(segment.writes);
        this.phaseOfHost.set(segment, phase++);
      } else
        for (const steps of segment) {
          for (const step of steps) {
            note(step.writes);
            this.phaseOfStep.push(phase);
          }
          phase++;
        }
  }

  /** The inputs that may have been written to when a step fails: threads pass phases together. */
  lostAt(step: number | HostStep): number[] {
    const phase = typeof step === "number" ? this.phaseOfStep[step] : this.phaseOfHost.get(step)!;
    return [...this.begun].filter(([, first]) => first <= phase).map(([place]) => place);
  }
}
