/** Of this library: written into files. A test holds it to package.json. */
export const libraryVersion = "0.1.0";
