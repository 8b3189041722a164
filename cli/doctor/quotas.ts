import { isTooSmall, QUOTAS, QUOTAS_OF_HOSTS, type QuotaName, type QuotaValues } from '#lib/aws/quotas.ts';
import { readQuotas } from '#lib/aws/read-quotas.ts';
import type { Check } from './check.ts';

/** What a run leaves out, or cannot do, where the account may run no host of a kind. */
const WITHOUT: Record<keyof typeof QUOTAS_OF_HOSTS, string> = {
  gpu: 'runs skip segmentation and custom models (or set segmentation.device to cpu)',
  long: 'runs skip robustness, and segmentation with segmentation.device: cpu',
  cpu: 'runs are rejected',
};
/** What is counted, for a reader. */
const COUNTED: Record<keyof typeof QUOTAS_OF_HOSTS, string> = {
  gpu: 'CPUs of G hosts',
  long: 'CPUs of standard hosts',
  cpu: 'CPUs of Fargate',
};
/** CPUs of one host with a GPU. */
const GPU_HOST = QUOTAS.gpuOnDemand.least;

/** The quotas that decide what of a run can be done, as the start of a run sees them. */
export async function quotaChecks(): Promise<Check[]> {
  const { values, unread } = await readQuotas();
  const hosts = (Object.keys(QUOTAS_OF_HOSTS) as (keyof typeof QUOTAS_OF_HOSTS)[]).flatMap((kind) => {
    const [onDemand, spot] = QUOTAS_OF_HOSTS[kind];
    return [checkOf(onDemand, 'on demand', kind, values), checkOf(spot, 'spot', kind, values)];
  });
  return [...hosts, functionsCheck(values)].map((check, i) => {
    const reason = unread[(Object.keys(QUOTAS) as QuotaName[])[i]];
    return reason ? { ...check, verdict: 'missing', message: `cannot be read: ${reason}` } : check;
  });
}

function checkOf(name: QuotaName, market: string, kind: keyof typeof QUOTAS_OF_HOSTS, values: QuotaValues): Check {
  const vcpus = values[name] ?? 0;
  const gpus = kind === 'gpu' ? `, ${Math.floor(vcpus / GPU_HOST)} GPUs at once` : '';
  const message = `${market}: ${vcpus} ${COUNTED[kind]}${gpus}`;
  if (!isTooSmall(name, values)) return { what: 'quotas', verdict: 'ok', message };
  const isClosed = QUOTAS_OF_HOSTS[kind].every((one) => isTooSmall(one, values));
  const effect = isClosed
    ? WITHOUT[kind]
    : `jobs find hosts ${market === 'spot' ? 'on demand' : 'on spot capacity'} alone`;
  const { name: title, code, least } = QUOTAS[name];
  const ask = `request at least ${least} of "${title}" (${code})`;
  return { what: 'quotas', verdict: isClosed ? 'bad' : 'missing', message: `${message}; ${effect}: ${ask}` };
}

function functionsCheck(values: QuotaValues): Check {
  const { name, code } = QUOTAS.functions;
  const count = values.functions ?? 0;
  const message = `${count} functions at once`;
  if (!isTooSmall('functions', values)) return { what: 'quotas', verdict: 'ok', message };
  return { what: 'quotas', verdict: 'bad', message: `${message}; request more of "${name}" (${code})` };
}
