const [NUL, SPACE] = [0x00, 0x20];

/**
 * A value without the spaces and NULs that pad its end (PS3.5 6.2). It looks at each character once: an expression such as
 * `/[ \0]+$/` takes quadratic time on a run of NULs in the middle of a value, minutes for one header.
 */
export function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** A value of several: without the spaces before it, too. */
export function unpadded(text: string): string {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) === SPACE) start++;
  return withoutPadding(start === 0 ? text : text.slice(start));
}

function isPadding(code: number): boolean {
  return code === SPACE || code === NUL;
}
