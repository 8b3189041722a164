export { addQuotients, convolve32, convolve64, filterLines } from './filters';
export { countDependents, countPairs, countRuns, linkZones, sumAlongAxis } from './texture';
export { sampleCubicRow } from './interpolation';
