import type { Config } from '../config.ts';
import type { Estimate } from './intraclass-correlation.ts';

export type RobustnessLabel = 'robust' | 'acceptable' | 'poor' | 'not_evaluable';

export type LabelSettings = Pick<Config['radiomics_robustness'], 'metrics' | 'thresholds'>;

/**
 * The label of a feature. The bound is the lower end of the 95 % confidence interval of the chosen form of ICC, or the
 * ICC itself without `metrics.icc.ci`. ICC1 and ICC2 go by the bound alone (Zwanenburg et al. 2019,
 * doi:10.1038/s41598-018-36938-4); ICC3 is RTpipeline 2's rule, where the coefficient of variation counts too. A feature
 * that can be 0 or negative has none and goes by the bound alone. What cannot be estimated is not evaluable, never poor.
 * @param covPct median over structures; NaN unless all of them have one
 */
export function labelOf(icc: Estimate, covPct: number, { metrics, thresholds }: LabelSettings): RobustnessLabel {
  const bound = metrics.icc.ci ? icc.low : icc.value;
  if (Number.isNaN(bound)) return 'not_evaluable';
  if (metrics.icc.icc_type !== 'ICC3' || Number.isNaN(covPct))
    return byBounds(bound >= thresholds.icc.robust, bound >= thresholds.icc.acceptable);
  const { robust_pct: robustPct, acceptable_pct: acceptablePct } = thresholds.cov;
  return byBounds(
    bound >= thresholds.icc.robust && covPct <= robustPct,
    bound >= thresholds.icc.acceptable && covPct <= acceptablePct,
  );
}

function byBounds(isRobust: boolean, isAcceptable: boolean): RobustnessLabel {
  if (isRobust) return 'robust';
  return isAcceptable ? 'acceptable' : 'poor';
}
