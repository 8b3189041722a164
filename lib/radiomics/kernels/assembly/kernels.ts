export { dominantEigenvalue } from './eigenvalue';
export { addQuotients, convolve32, convolve64, filterLines, trim } from './filters';
export { decomposeColumns, decomposeRows, sampleCubicRow } from './interpolation';
export { countLevels, digitise, placeRanks } from './levels';
export { collectPairs, countPairs, countPairsOfEight, countPairsOfFour, describePairs, normalizePairs, startCorrelation } from './pairs';
export { countBuckets, gatherBuckets, robustDeviation, sumPowers, sumValues } from './statistics';
export { countDependents, countRuns } from './texture';
export { addToneDifferences, numberLevels, sumAround } from './tones';
export { collectZones, measureDistances } from './zones';
