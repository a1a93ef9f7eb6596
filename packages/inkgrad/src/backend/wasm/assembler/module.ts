import * as encode from "./encode.js";
import { FunctionBuilder, type Signature, typeCode, type ValueType } from "./function.js";

export interface MemoryImport {
  /** Pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** A function that the host provides. */
export interface ImportedFunction {
  readonly index: number;
  readonly module: string;
  readonly name: string;
  readonly signature: Signature;
}

/** A WebAssembly module: one imported memory (`env.memory`), imported and own functions. */
export class ModuleBuilder {
  private readonly imports: ImportedFunction[] = [];
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports: { readonly name: string; readonly index: number }[] = [];

  constructor(private readonly memory: MemoryImport) {}

  /** Imports come before all own functions, for they share one numbering. */
  import(module: string, name: string, signature: Signature): ImportedFunction {
    if (this.functions.length > 0) throw new Error("import every function before adding one");
    const imported = { index: this.imports.length, module, name, signature };
    this.imports.push(imported);
    return imported;
  }

  function(
    params: readonly ValueType[],
    results: readonly ValueType[],
    body: (f: FunctionBuilder) => void,
  ): FunctionBuilder {
    const index = this.imports.length + this.functions.length;
    const f = new FunctionBuilder(index, { params, results });
    // In the list before its body is written, which may add functions of its own.
    this.functions.push(f);
    body(f);
    return f;
  }

  export(name: string, f: { readonly index: number }): void {
    this.exports.push({ name, index: f.index });
  }

  /** The module in the binary format. */
  encoded(): Uint8Array<ArrayBuffer> {
    const types = new Map<string, number>();
    const signatures: Signature[] = [];
    const typeOf = (signature: Signature): number => {
      const key = `${signature.params.join()}>${signature.results.join()}`;
      const known = types.get(key);
      if (known !== undefined) return known;
      types.set(key, signatures.length);
      return signatures.push(signature) - 1;
    };
    const importTypes = this.imports.map((f) => typeOf(f.signature));
    const functionTypes = this.functions.map((f) => typeOf(f.signature));

    const out = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    section(out, 1, (s) => {
      encode.list(s, signatures, ({ params, results }) => {
        s.push(0x60);
        encode.list(s, params, (type) => s.push(typeCode[type]));
        encode.list(s, results, (type) => s.push(typeCode[type]));
      });
    });
    section(out, 2, (s) => {
      encode.unsigned(s, this.imports.length + 1);
      encode.name(s, "env");
      encode.name(s, "memory");
      s.push(0x02, this.memory.shared ? 0x03 : 0x01);
      encode.unsigned(s, this.memory.initial);
      encode.unsigned(s, this.memory.maximum);
      this.imports.forEach((f, i) => {
        encode.name(s, f.module);
        encode.name(s, f.name);
        s.push(0x00);
        encode.unsigned(s, importTypes[i]);
      });
    });
    section(out, 3, (s) => {
      encode.list(s, functionTypes, (type) => {
        encode.unsigned(s, type);
      });
    });
    section(out, 7, (s) => {
      encode.list(s, this.exports, ({ name, index }) => {
        encode.name(s, name);
        s.push(0x00);
        encode.unsigned(s, index);
      });
    });
    section(out, 10, (s) => {
      encode.list(s, this.functions, (f) => {
        encode.sized(s, f.encoded());
      });
    });
    return Uint8Array.from(out);
  }
}

function section(out: number[], id: number, write: (bytes: number[]) => void): void {
  const bytes: number[] = [];
  write(bytes);
  out.push(id);
  encode.sized(out, bytes);
}
