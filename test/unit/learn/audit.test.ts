import { describe, expect, it } from "vitest";
import { random } from "inkgrad";
import { csv } from "inkgrad/data";
import { audit } from "inkgrad/learn";
import { sharedData } from "../../support/shared-data.js";

const noise = random.uniform(random.key(1), [200]).toArray();
const words = "the quick brown fox jumps over lazy dogs and runs away".split(" ");

/** A table with a column of each kind; what is to be told is `y`. */
const rows = noise.map((u, i) => {
  const y = i % 2;
  return {
    customer_id: 1000 + ((i * 37) % 200),
    counted: i + 5,
    ticket: `A/${(i * 7919) % 1009}`,
    review: words.map((word, k) => (noise[(i + k) % 200] > 0.5 ? word : "and")).join(" ") + i,
    always: "same",
    never: "",
    useful: u + 0.3 * y,
    colour: ["red", "green", "blue"][Math.floor(3 * noise[(i + 50) % 200])],
    after: y === 1 ? (i % 25 === 0 ? "" : "paid") : i % 30 === 0 ? "paid" : "",
    twin: y === 1 ? 3 + u : 1 + u,
    y: y === 1 ? "yes" : "no",
  };
});
const names = Object.keys(rows[0]);
const text = [names.join(","), ...rows.map((row) => Object.values(row).map(String).join(","))].join(
  "\n",
);

describe("an audit", () => {
  const found = audit(csv.decode(text), "y");
  const column = (name: string) => found.columns.find((one) => one.name === name)!;
  const warned = (name: string | null) =>
    found.warnings.filter((one) => one.column === name).map(({ kind }) => kind);

  it("says what becomes of each column", () => {
    const roles = Object.fromEntries(found.columns.map(({ name, role }) => [name, role]));
    expect(roles).toEqual({
      ...{ customer_id: "left out", counted: "left out", ticket: "left out", review: "text" },
      ...{ always: "left out", never: "left out", useful: "number", colour: "category" },
      ...{ after: "category", twin: "number" },
    });
  });

  it("warns of identifiers, constants and empty columns", () => {
    expect(warned("customer_id")).toEqual(["identifier"]);
    expect(warned("counted")).toEqual(["identifier"]);
    expect(warned("ticket")).toEqual(["identifier"]);
    expect(warned("always")).toEqual(["constant"]);
    expect(warned("never")).toEqual(["empty"]);
  });

  it("warns of a column that alone tells the target, and of one that tells by its gaps", () => {
    expect(warned("twin")).toEqual(["leak"]);
    expect(column("twin").alone).toBeGreaterThan(0.99);
    expect(warned("after")).toContain("leak");
    expect(column("after").missingAlone).toBeGreaterThan(0.9);
  });

  it("does not warn of a column that helps, and finds none in noise", () => {
    expect(warned("useful")).toEqual([]);
    expect(column("useful").alone).toBeGreaterThan(0.65);
    expect(warned("colour")).toEqual([]);
    expect(Math.abs(column("colour").alone! - 0.5)).toBeLessThan(0.12);
  });

  it("warns of rare classes and of copies", () => {
    const rare = audit(
      csv.decode("a,y\n" + noise.map((u, i) => `${u},${+(i < 12)}`).join("\n")),
      "y",
    );
    expect(rare.warnings.map(({ kind }) => kind)).toEqual(["imbalance"]);
    const few = audit(csv.decode("a,y\n1,0\n1,0\n2,1"), "y");
    expect(few.warnings.map(({ kind }) => kind)).toEqual(["small class", "small class", "copies"]);
  });

  it("refuses a target that is not there, or is missing somewhere", () => {
    expect(() => audit(csv.decode("a,b\n1,2"), "c")).toThrow('no column "c"');
    expect(() => audit(csv.decode("a,b\n1,x\n2,NA"), "b")).toThrow("row 1 has no value");
  });
});

describe.skipIf(sharedData === undefined)("an audit of real tables", () => {
  it("finds the lifeboat of the Titanic's survivors", async () => {
    const titanic = audit(await csv.read(`${sharedData}tabular/titanic.csv`), "survived");
    const leaks = titanic.warnings.filter(({ kind }) => kind === "leak");
    expect(leaks.map((one) => one.column)).toEqual(["boat"]);
  });

  it("finds the numbers of rows and customers, and no leak where there is none", async () => {
    const churn = audit(await csv.read(`${sharedData}tabular/churn.csv`), "Exited");
    expect(churn.warnings.map(({ kind, column }) => `${kind} ${column}`)).toEqual([
      "identifier RowNumber",
      "identifier CustomerId",
      "many values Surname",
    ]);
  });
});
