import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { QUOTAS, type QuotaName, type QuotaValues } from './quotas.ts';

/** What was read, and why the others could not be. */
export interface QuotaReading {
  values: QuotaValues;
  unread: Partial<Record<QuotaName, string>>;
}

/** The quotas of the account and region that the environment names. One that cannot be read stops nothing. */
export async function readQuotas(client = new ServiceQuotasClient({ maxAttempts: 2 })): Promise<QuotaReading> {
  const reading: QuotaReading = { values: {}, unread: {} };
  await Promise.all(
    (Object.keys(QUOTAS) as QuotaName[]).map(async (name) => {
      try {
        reading.values[name] = await appliedValue(name, client);
      } catch (error) {
        reading.unread[name] = `${(error as Error).name}: ${(error as Error).message}`;
      }
    }),
  );
  return reading;
}

/** An unchanged quota may have no value of its own; then AWS's default applies. */
async function appliedValue(name: QuotaName, client: ServiceQuotasClient): Promise<number> {
  const { service: ServiceCode, code: QuotaCode } = QUOTAS[name];
  const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode })).catch((error: Error) => {
    if (error.name !== 'NoSuchResourceException') throw error;
    return client.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
  });
  if (Quota?.Value === undefined) throw new Error(`Service Quotas gives no value of ${QuotaCode}`);
  return Quota.Value;
}
