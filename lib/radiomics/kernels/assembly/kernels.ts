export { dominantEigenvalue } from './eigenvalue';
export { addQuotients, convolve32, convolve64, filterLines } from './filters';
export { sampleCubicRow } from './interpolation';
export { collectPairs, countDependents, countPairs, countRuns, linkZones, sumAlongAxis } from './texture';
