export function bundledSize(module: string, root: string): Promise<number>;
