/** By 5 Gy at least up to here, so that cohorts of unlike doses share their columns. */
const USUAL_MAX_GY = 80;
const STEP_GY = 5;

/** The metrics that every course gets; V5Gy, V10Gy, ... go on to the greatest dose of the course. */
export function defaultMetrics(maxGy = 0): string[] {
  const steps = Math.ceil(Math.max(maxGy, USUAL_MAX_GY) / STEP_GY);
  const doses = Array.from({ length: steps }, (_, n) => (n + 1) * STEP_GY);
  return [
    'Volume[cc]',
    ...['Min', 'Mean', 'Median', 'Max'].map((name) => `${name}[Gy]`),
    ...['98%', '95%', '50%', '2%', '1%'].map((volume) => `D${volume}[Gy]`),
    ...['0.03cc', '0.1cc', '1cc', '2cc', '5cc'].map((volume) => `D${volume}[Gy]`),
    ...doses.flatMap((dose) => [`V${dose}Gy[%]`, `V${dose}Gy[cc]`]),
    ...['95%', '100%', '107%'].flatMap((dose) => [`V${dose}[%]`, `V${dose}[cc]`]),
    'HI',
    'CI_RTOG',
    'CI_Paddick',
    'GI',
    'IntegralDose[Gy*cc]',
  ];
}

/** What a configured alpha/beta adds. */
export const BIOLOGICAL_METRICS = ['EQD2', 'BED'].flatMap((scale) =>
  ['Mean[Gy]', 'Max[Gy]', 'D95%[Gy]', 'D2%[Gy]', 'D0.03cc[Gy]'].map((name) => `${scale}_${name}`),
);

/** What a configured exponent adds. */
export const GEUD_METRIC = 'gEUD[Gy]';
