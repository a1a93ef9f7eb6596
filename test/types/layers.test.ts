import { expect, test } from "vitest";
import { samples } from "../conformance/layer-samples.js";
import { evaluate } from "./table.js";

/** Own functions say nothing of what they make. */
const loose = new Set(["lambda"]);

test("the rule of every layer gives the shape that the layer gives", () => {
  const names = [...new Set(samples.flatMap(({ source }) => source.match(/[a-zA-Z0-9]+(?=\()/g)!))];
  const layers = names.filter((name) => !["mul", "square", "uniform"].includes(name));
  const imports = [
    `import { ${[...new Set([...layers, "input", "sequential"])].join(", ")} } from "inkgrad/nn";`,
    'import { random } from "inkgrad";',
    "type Out<F extends (...args: never[]) => { shape: unknown }> = ReturnType<F>['shape'];",
    ...samples.map(
      ({ source, input }, i) =>
        `export const net${i} = sequential(input(${input.join(", ")}), ${source});`,
    ),
  ].join(" ");
  const found = evaluate(
    "layers",
    samples.map((_, i) => `Out<typeof net${i}.apply>`),
    imports,
  );
  expect(samples.map(({ source }, i) => `${source}: ${found[i]}`)).toEqual(
    samples.map(({ of, source, output }) =>
      loose.has(of)
        ? `${source}: [number, ...number[]]`
        : `${source}: [number, ${output.join(", ")}]`,
    ),
  );
});
