/** Round numbers from 0 to at least `largest`, about `wanted` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(largest: number, wanted: number): number[] {
  const rough = (largest > 0 ? largest : 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const count = Math.ceil((largest > 0 ? largest : 1) / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
