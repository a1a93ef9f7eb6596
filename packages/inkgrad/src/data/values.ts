/** Numbers within arrays within arrays. */
export type NestedNumbers = readonly (number | boolean | NestedNumbers)[];
