import type { Deployment, Policy } from './deployment.ts';

/** The smallest boundary by actions: those that the policies of any role allow, on all resources. */
export function leastBoundary(deployed: Deployment): Policy {
  const actions = deployed.roles
    .flatMap((role) => deployed.identityPolicies(role))
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' }],
  };
}
