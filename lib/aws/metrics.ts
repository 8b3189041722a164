export type MetricUnit = 'Count' | 'Seconds' | 'Megabytes' | 'None';

/** Name -> value and unit. */
export type Metrics = Record<string, [value: number, unit: MetricUnit]>;

/** The name of the deployment, so that two in one account do not mix. */
function namespace(): string {
  return process.env.RTPIPELINE_DEPLOYMENT ?? 'rtpipeline';
}

/**
 * A line of CloudWatch's embedded metric format: what is printed to a log becomes metrics, without a call. Dimensions
 * are few and closed sets (stage, outcome), never a course or a patient.
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
export function embeddedMetrics(at: Date, dimensions: Record<string, string>, metrics: Metrics): object {
  return {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: namespace(),
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.entries(metrics).map(([Name, [, Unit]]) => ({ Name, Unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(Object.entries(metrics).map(([name, [value]]) => [name, value])),
  };
}
