/** V5Gy, V10Gy, ... up to here, whatever the dose: the columns are the same for every cohort. */
const LAST_GY = 100;
const STEP_GY = 5;
const DOSES_GY = Array.from({ length: LAST_GY / STEP_GY }, (_, n) => (n + 1) * STEP_GY);

/** The metrics that every course gets unless the configuration lists others. */
export const DEFAULT_METRICS: string[] = [
  'Volume[cc]',
  ...['Min', 'Mean', 'Median', 'Max'].map((name) => `${name}[Gy]`),
  ...['98%', '95%', '50%', '2%', '1%'].map((volume) => `D${volume}[Gy]`),
  ...['0.03cc', '0.1cc', '1cc', '2cc', '5cc'].map((volume) => `D${volume}[Gy]`),
  ...DOSES_GY.flatMap((dose) => [`V${dose}Gy[%]`, `V${dose}Gy[cc]`]),
  ...['95%', '100%', '107%'].flatMap((dose) => [`V${dose}[%]`, `V${dose}[cc]`]),
  'HI',
  'CI_RTOG',
  'CI_Paddick',
  'GI',
  'IntegralDose[Gy*cc]',
];

/** What a configured alpha/beta adds. */
export const BIOLOGICAL_METRICS = ['EQD2', 'BED'].flatMap((scale) =>
  ['Mean[Gy]', 'Max[Gy]', 'D95%[Gy]', 'D2%[Gy]', 'D0.03cc[Gy]'].map((name) => `${scale}_${name}`),
);

/** What a configured exponent adds. */
export const GEUD_METRIC = 'gEUD[Gy]';
