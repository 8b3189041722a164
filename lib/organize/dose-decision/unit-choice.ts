import type { DoseDecision, DoseRule } from '../../rt/dose-decision.ts';
import type { DoseUnit } from './units.ts';

export interface Choice {
  rule: DoseRule;
  /** Units that are added up. */
  selected: DoseUnit[];
  /** When nothing is selected: each entry stands alone. */
  alternatives: DoseUnit[][];
  confidence: DoseDecision['confidence'];
  reason: string;
}
