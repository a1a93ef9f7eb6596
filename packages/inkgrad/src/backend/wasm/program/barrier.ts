import type { FunctionBuilder } from "../assembler/function.js";
import type { ModuleBuilder } from "../assembler/module.js";
import { arrived, asleep, failed, passed } from "../runtime/control.js";

/** Looks before a thread goes to sleep: some 50 µs. */
const spins = 20_000;
/** A sleeper looks again now and then, whatever happens. */
const napNanoseconds = 2_000_000n;

/**
 * The function (thread, threads, maySleep) in which every thread waits for all others. It traps if
 * one of them has failed, for that one will not come.
 */
export function emitBarrier(module: ModuleBuilder): FunctionBuilder {
  return module.function(["i32", "i32"], [], (f) => {
    const [threads, maySleep] = f.params;
    const [round, looks] = f.locals(2, "i32");
    const load = (word: number): void => {
      f.i32(4 * word).mem("i32.atomic.load");
    };
    const add = (word: number, n: number): void => {
      f.i32(4 * word)
        .i32(n)
        .mem("i32.atomic.rmw.add");
    };
    load(passed);
    f.set(round);
    add(arrived, 1);
    f.plus(1).get(threads).op("i32.eq");
    f.if(
      () => {
        f.i32(4 * arrived)
          .i32(0)
          .mem("i32.atomic.store");
        add(passed, 1);
        f.op("drop");
        load(asleep);
        f.if(() => {
          f.i32(4 * passed)
            .i32(-1)
            .mem("memory.atomic.notify")
            .op("drop");
        });
      },
      () => {
        f.i32(0).set(looks);
        f.block((done) => {
          f.loop((again) => {
            load(passed);
            f.get(round).op("i32.ne").brIf(done);
            load(failed);
            f.if(() => {
              f.op("unreachable");
            });
            f.get(looks).plus(1).tee(looks).i32(spins).op("i32.lt_u").brIf(again);
            f.get(maySleep).op("i32.eqz").brIf(again);
            add(asleep, 1);
            f.op("drop");
            f.i32(4 * passed)
              .get(round)
              .i64(napNanoseconds)
              .mem("memory.atomic.wait32")
              .op("drop");
            add(asleep, -1);
            f.op("drop");
            f.br(again);
          });
        });
      },
    );
  });
}
