import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from './acknowledgements.ts';

type Violation = PolicyValidationPluginReport['violations'][number];

export interface CheckedFindings {
  /** Findings that no row acknowledges. */
  open: Violation[];
  /** The rows that acknowledged something. */
  used: Set<Acknowledgement>;
}

/** The rules of AwsSolutions and HIPAA.Security as checks of the synthesis. */
export function securityChecks(): IPolicyValidationPlugin[] {
  return [new AwsSolutionsChecks(), new HIPAASecurityChecks()].map((pack) => ({
    name: pack.name,
    validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
      const { open } = withoutAcknowledged(pack.validate(context).violations);
      return { success: open.length === 0, violations: open };
    },
  }));
}

/** Leaves out each resource whose finding a row acknowledges. */
export function withoutAcknowledged(violations: readonly Violation[]): CheckedFindings {
  const used = new Set<Acknowledgement>();
  const open = violations.flatMap((violation) => {
    const violatingResources = violation.violatingResources.filter(({ constructPath = '' }) => {
      const row = ACKNOWLEDGEMENTS.find(
        ({ rule, where }) => rule.test(violation.ruleName) && (where?.test(constructPath) ?? true),
      );
      if (row) used.add(row);
      return row === undefined;
    });
    return violatingResources.length === 0 ? [] : [{ ...violation, violatingResources }];
  });
  return { open, used };
}
