/** The four files that MNIST is made of, and what is known of them beforehand. */
export interface MnistFile {
  /** The name without `.gz`. */
  readonly name: string;
  /** Bytes when unpacked. */
  readonly sizeBytes: number;
  /** Of the unpacked bytes, in hexadecimal. */
  readonly sha256: string;
  /** What its IDX header says. */
  readonly shape: readonly number[];
}

export const trainImages: MnistFile = {
  name: "train-images-idx3-ubyte",
  sizeBytes: 47_040_016,
  sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  shape: [60_000, 28, 28],
};

export const trainLabels: MnistFile = {
  name: "train-labels-idx1-ubyte",
  sizeBytes: 60_008,
  sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  shape: [60_000],
};

export const testImages: MnistFile = {
  name: "t10k-images-idx3-ubyte",
  sizeBytes: 7_840_016,
  sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  shape: [10_000, 28, 28],
};

export const testLabels: MnistFile = {
  name: "t10k-labels-idx1-ubyte",
  sizeBytes: 10_008,
  sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  shape: [10_000],
};

export const mnistFiles = [trainImages, trainLabels, testImages, testLabels] as const;

/** Copies of the gzipped files, under their usual names, that have been kept up for years. */
export const mnistMirrors: readonly string[] = [
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
];
