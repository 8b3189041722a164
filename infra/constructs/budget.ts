import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { Deployment } from '../config.ts';

/** Percent of the budget at which a mail is sent: what was spent, and what the month is going to cost. */
const SPENT = 80;
const FORECAST = 100;

/** Sends a mail when the resources with the tag of the deployment exceed the monthly budget, or are going to. It stops nothing. */
export function monthlyBudget(scope: Construct, { name, monthlyBudget: amount, notificationEmail }: Deployment): void {
  if (amount === 0) return;
  const mail = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
    subscribers: [{ subscriptionType: 'EMAIL', address: notificationEmail }],
  });
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount, unit: 'USD' },
      // Budgets user guide, "Filtering by tag": what people define is `user:<key>$<value>`.
      costFilters: { TagKeyValue: [`user:application$${name}`] },
    },
    notificationsWithSubscribers: [mail('ACTUAL', SPENT), mail('FORECASTED', FORECAST)],
  });
}
