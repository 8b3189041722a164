/**
 * A drawing of Plot as one picture for a screen reader: labels of its groups, which have no role, say nothing to it. What the
 * chart shows stands in the legend and in the tables.
 */
export function asPicture(svg: SVGSVGElement): SVGSVGElement {
  svg.setAttribute('role', 'img');
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  return svg;
}
