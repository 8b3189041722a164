/** A part of the proof in a real account, and what it shows that nothing else can. */
interface Part {
  name: string;
  /** What the account must have for it. */
  needs: string;
  /** US dollars, rounded up; list prices of us-east-1, on demand. */
  dollars: number;
}

/** A run of the sample cohort. */
export interface RunPart extends Part {
  kind: 'run';
  config: Record<string, unknown>;
  /** Stages that must end `done` for every course that has one. */
  done: string[];
  /** Publishes the models of the repository first. */
  models?: boolean;
  /** Takes the host of the first job of this stage away while it runs. */
  hostLostIn?: string;
}

/** The images, built by the project of CodeBuild. Their tags cannot be overwritten: it builds those that are not there. */
export interface BuildPart extends Part {
  kind: 'build';
}

/** The example queries of the workgroup, on the first run of this proof. */
export interface QueryPart extends Part {
  kind: 'query';
}

export type AwsPart = RunPart | BuildPart | QueryPart;

const off = { enabled: false };
const plain = { segmentation: off, custom_models: off, radiomics_robustness: off };

export const AWS_PARTS: AwsPart[] = [
  {
    kind: 'build',
    name: 'images: built by CodeBuild and found in the repositories',
    needs: 'a deployment with -c rtpipeline.build=true; the AWS CLI',
    dollars: 3,
  },
  {
    kind: 'run',
    name: 'an upload ends as tables: events, queue, functions, Fargate, keys and rights',
    needs: 'Fargate',
    dollars: 1,
    config: plain,
    done: ['structures', 'dvh', 'radiomics', 'qc'],
  },
  {
    kind: 'query',
    name: 'Athena: the example queries answer on the tables of that run, with rows',
    needs: 'the AWS CLI, and the rights of a reader',
    dollars: 1,
  },
  {
    kind: 'run',
    name: 'segmentation on a GPU: quota, driver, image, weights, read-only root',
    needs: 'G hosts, 8 CPUs',
    dollars: 3,
    config: { ...plain, segmentation: { enabled: true, device: 'gpu' } },
    done: ['segmentation', 'structures'],
  },
  {
    kind: 'run',
    name: 'custom models: published, fetched once by a host, run there',
    needs: 'G hosts, 8 CPUs',
    dollars: 3,
    config: { ...plain, custom_models: { enabled: true } },
    done: ['custom_models', 'structures'],
    models: true,
  },
  {
    kind: 'run',
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
    (part, n) =>
      `${n + 1}. ${part.name}\n   needs ${part.needs}; at most about $ ${part.dollars}${part.kind === 'run' ? `; ends done: ${part.done.join(', ')}` : ''}`,
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
