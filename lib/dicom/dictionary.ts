import dcmjs from 'dcmjs';

/**
 * The VR that PS3.6 gives a standard element (`x00100010`), for all elements and not only those that this product
 * reads; undefined for private and unknown ones. Where the standard leaves a choice: `xs` US or SS, `ox` OB or OW, ...
 */
export function dictionaryVr(tag: string): string | undefined {
  return dcmjs.data.DicomMetaDictionary.dictionary[`(${tag.slice(1, 5)},${tag.slice(5)})`.toUpperCase()]?.vr;
}
