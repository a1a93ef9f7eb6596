/**
 * The errors that inkgrad throws on purpose. Each message says what was expected, what came, and
 * what to do. Catch them by class; anything else that escapes the library is a defect.
 *
 * Names are written out because minifiers shorten those of classes, and lie on the prototype so
 * that the stack begins with them.
 */
export class InkgradError extends Error {
  static {
    this.prototype.name = "InkgradError";
  }
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Shapes, axes or sizes that do not fit. */
export class ShapeError extends InkgradError {
  static {
    this.prototype.name = "ShapeError";
  }
}

/** An element type an operation does not take, or a value that type cannot hold. */
export class DTypeError extends InkgradError {
  static {
    this.prototype.name = "DTypeError";
  }
}

/** An index outside its axis. */
export class IndexError extends InkgradError {
  static {
    this.prototype.name = "IndexError";
  }
}

/** A value asked for where none exists yet, or a transform applied to what it cannot transform. */
export class TraceError extends InkgradError {
  static {
    this.prototype.name = "TraceError";
  }
}

/** A number outside the domain a function is defined on, NaN where it is forbidden included. */
export class ValueError extends InkgradError {
  static {
    this.prototype.name = "ValueError";
  }
}

/** Bytes or text that are not what their format promises: cut short, of lying sizes, or too large. */
export class FormatError extends InkgradError {
  static {
    this.prototype.name = "FormatError";
  }
}

/** A file, folder or download that cannot be had. */
export class FileError extends InkgradError {
  static {
    this.prototype.name = "FileError";
  }
}

/** A matrix that cannot be factored or solved with. */
export class LinearAlgebraError extends InkgradError {
  static {
    this.prototype.name = "LinearAlgebraError";
  }
}

/** Something the chosen backend cannot do. */
export class BackendError extends InkgradError {
  static {
    this.prototype.name = "BackendError";
  }
}

/** More memory asked for than there is. What was computed before stays valid. */
export class OutOfMemoryError extends InkgradError {
  static {
    this.prototype.name = "OutOfMemoryError";
  }
}

/** A broken promise inside the library: not the caller's fault. */
export class InternalError extends InkgradError {
  static {
    this.prototype.name = "InternalError";
  }
  constructor(message: string) {
    super(`${message}. This is a defect of inkgrad: please report it with the code that led here.`);
  }
}
