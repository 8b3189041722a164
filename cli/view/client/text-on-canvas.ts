/** Text that is read on black and on white. */
export function labelled(
  context: CanvasRenderingContext2D,
  text: string,
  [x, y]: [number, number],
  colour: string,
  align: CanvasTextAlign = 'left',
): void {
  context.font = '12px system-ui, sans-serif';
  context.textAlign = align;
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 80%)';
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** Tenths of a millimetre, without a sign before nothing. */
export function mmText(mm: number): string {
  return mm.toFixed(1).replace(/^-(0\.0)$/, '$1');
}
