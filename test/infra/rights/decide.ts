import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, type Policy } from './deployment.ts';

/** A call of AWS as its authorization sees it. */
export interface Call {
  /** `states:StartExecution` */
  action: string;
  /** ARN */
  resource: string;
  /** Condition keys of the request. */
  context?: Record<string, string>;
}

/** Who calls: a role with its policies, or a service of AWS that has no other right than the resource gives it. */
export interface Caller {
  principal: string;
  identityPolicies: Policy[];
  /** The permissions boundary of a role. */
  boundary?: Policy;
}

export function role(name: string, identityPolicies: Policy[]): Caller {
  return { principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`, identityPolicies };
}

export function service(name: string): Caller {
  return { principal: `${name}.amazonaws.com`, identityPolicies: [] };
}

/**
 * What AWS's evaluation logic makes of the call: identity policies, the policy of the resource, a boundary, explicit denials.
 * @throws Error where the call or a policy is not valid: an action that does not exist, a resource that it does not have
 */
export async function isAllowed(caller: Caller, call: Call, resourcePolicy?: Policy): Promise<boolean> {
  const { request, identityPolicies, policy } = withPlainContextKeys({
    request: {
      principal: caller.principal,
      action: call.action,
      resource: { resource: call.resource, accountId: ACCOUNT },
      contextVariables: { 'aws:SecureTransport': 'true', ...call.context },
    },
    identityPolicies: caller.identityPolicies.map((policy, n) => ({ name: `policy-${n}`, policy })),
    policy: resourcePolicy,
  });
  const none = { serviceControlPolicies: [], resourceControlPolicies: [] };
  const boundary = caller.boundary && {
    permissionBoundaryPolicies: [{ name: 'boundary', policy: caller.boundary }],
  };
  const results = await runSimulation({ request, identityPolicies, resourcePolicy: policy, ...boundary, ...none }, {});
  if (results.resultType === 'error') throw new Error(`${call.action}: ${JSON.stringify(results.errors)}`);
  return results.overallResult === 'Allowed';
}

/**
 * The simulator passes over the keys of an encryption context in a request. Here another key that takes text stands for
 * them, in request and policies: their values are ARNs, which no two kinds of context share.
 */
function withPlainContextKeys<T>(simulation: T): T {
  return JSON.parse(JSON.stringify(simulation).replace(/"kms:EncryptionContext:[^"]+"/g, '"kms:RequestAlias"'));
}
