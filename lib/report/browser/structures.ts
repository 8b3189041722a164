/** Shows or hides the outlines of a structure in all pictures of the page. */
export function showStructure(structure: number, isShown: boolean): void {
  for (const outline of document.querySelectorAll(`.outlines .s${structure}`))
    outline.toggleAttribute('hidden', !isShown);
}
