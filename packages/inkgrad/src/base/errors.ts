/**
 * The errors that inkgrad throws on purpose. Each message says what was expected, what came, and
 * what to do. Catch them by class; anything else that escapes the library is a defect.
 */
export class InkgradError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Shapes, axes or sizes that do not fit. */
export class ShapeError extends InkgradError {}

/** An element type an operation does not take, or a value that type cannot hold. */
export class DTypeError extends InkgradError {}

/** An index outside its axis. */
export class IndexError extends InkgradError {}

/** A value asked for where none exists yet, or a transform applied to what it cannot transform. */
export class TraceError extends InkgradError {}

/** A number outside the domain a function is defined on, NaN where it is forbidden included. */
export class ValueError extends InkgradError {}

/** A matrix that cannot be factored or solved with. */
export class LinearAlgebraError extends InkgradError {}

/** Something the chosen backend cannot do. */
export class BackendError extends InkgradError {}

/** More memory asked for than there is. What was computed before stays valid. */
export class OutOfMemoryError extends InkgradError {}

/** A broken promise inside the library: not the caller's fault. */
export class InternalError extends InkgradError {
  constructor(message: string) {
    super(`${message}. This is a defect of inkgrad: please report it with the code that led here.`);
  }
}
