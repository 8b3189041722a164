/** The WebAssembly module of a folder of kernels (its URL ends with a slash) as bytes. */
export function compileKernels(kernels: URL): Buffer;
