/** The WebAssembly module as bytes. */
export function compileKernels(): Buffer;
