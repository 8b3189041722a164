/**
 * What CUDA says of a GPU that no longer answers: the texts of cudaError_t (CUDA Runtime API, "Data types") for 46, 100, 214,
 * 700, 719, 802 and 999, the numbers as ONNX Runtime prints them, and the driver's own words.
 */
const PATTERNS = [
  /\ball cuda-capable devices are busy or unavailable\b/i,
  /\bno cuda-capable device is detected\b/i,
  /\buncorrectable ecc error encountered\b/i,
  /\ban illegal memory access was encountered\b/i,
  /\bunspecified launch failure\b/i,
  /\bcuda error: (?:unknown error|system not yet initialized)\b/i,
  /\bcuda failure (?:46|100|214|700|719|802|999)\b/i,
  /\bgpu (?:is lost|has fallen off the bus)\b/i,
];

/** Whether a message says that the GPU was lost in the middle of the work. */
export function isLostGpu(text: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(text));
}
