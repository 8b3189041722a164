/** A run of the sample cohort in a real account, and what it shows that nothing else can. */
export interface AwsPart {
  name: string;
  /** What the account must have for it. */
  needs: string;
  /** US dollars, rounded up; list prices of us-east-1, on demand. */
  dollars: number;
  config: Record<string, unknown>;
  /** Stages that must end `done` for every course that has one. */
  done: string[];
  /** Publishes the models of the repository first. */
  models?: boolean;
  /** Takes the host of the first job of this stage away while it runs. */
  hostLostIn?: string;
}

const off = { enabled: false };
const plain = { segmentation: off, custom_models: off, radiomics_robustness: off };

export const AWS_PARTS: AwsPart[] = [
  {
    name: 'an upload ends as tables: events, queue, functions, Fargate, keys and rights',
    needs: 'Fargate',
    dollars: 1,
    config: plain,
    done: ['structures', 'dvh', 'radiomics', 'qc'],
  },
  {
    name: 'segmentation on a GPU: quota, driver, image, weights, read-only root',
    needs: 'G hosts, 8 CPUs',
    dollars: 3,
    config: { ...plain, segmentation: { enabled: true, device: 'gpu' } },
    done: ['segmentation', 'structures'],
  },
  {
    name: 'custom models: published, fetched once by a host, run there',
    needs: 'G hosts, 8 CPUs',
    dollars: 3,
    config: { ...plain, custom_models: { enabled: true } },
    done: ['custom_models', 'structures'],
    models: true,
  },
  {
    name: 'a host that is taken away: the stage goes on and ends done',
    needs: 'Standard hosts, 16 CPUs; the AWS CLI, and the right to terminate instances',
    dollars: 3,
    config: { ...plain, radiomics_robustness: { enabled: true } },
    done: ['robustness'],
    hostLostIn: 'robustness',
  },
];

/** The plan as lines, for who decides whether to pay for it. */
export function planText(parts: AwsPart[]): string {
  const lines = parts.map(
    ({ name, needs, dollars, done }, n) =>
      `${n + 1}. ${name}\n   needs ${needs}; at most about $ ${dollars}; ends done: ${done.join(', ')}`,
  );
  const sum = parts.reduce((total, { dollars }) => total + dollars, 0);
  return [...lines, `Together at most about $ ${sum}. RTPIPELINE_AWS=yes runs it.`].join('\n');
}

export interface PartResult {
  name: string;
  /** Why it failed; '' where it passed. */
  failure: string;
  minutes: number;
}

/** What was shown, in which account and when: a page to keep. */
export function reportText(
  at: Date,
  where: { account: string; region: string; version: string },
  results: PartResult[],
): string {
  const rows = results.map(
    ({ name, failure, minutes }) =>
      `| ${name} | ${failure === '' ? 'passed' : `failed: ${failure}`} | ${minutes.toFixed(0)} |`,
  );
  return [
    `# On AWS, ${at.toISOString().slice(0, 10)}`,
    '',
    `Version ${where.version}, account ${where.account}, ${where.region}.`,
    '',
    '| part | result | minutes |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
