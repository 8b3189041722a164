/** A file of the results. */
export interface CrateFile {
  path: string;
  bytes: number;
  sha256: string;
  /** What it holds, in one sentence. */
  meaning: string;
  mediaType: string;
}

/** What a run worked on and with. */
export interface DescribedRun {
  product: string;
  version: string;
  /** Digest of the code. */
  code: string;
  node: string;
  finishedAt: string;
  configDigest: string;
  /** Digest over key, version and header of every object of the upload. */
  instancesDigest: string;
  instances: number;
}

/**
 * The results as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): which files, by digest, an action of which program made from
 * which inputs and configuration. The inputs stand as one digest: their names tell of patients.
 */
export function researchObject(run: DescribedRun, files: CrateFile[]): object {
  return {
    '@context': 'https://w3id.org/ro/crate/1.1/context',
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
        about: { '@id': './' },
      },
      {
        '@id': './',
        '@type': 'Dataset',
        name: 'Radiotherapy tables of a cohort',
        description: 'Tables of DVHs, radiomics, quality control and robustness, and their sources.',
        datePublished: run.finishedAt,
        license: 'Not stated: the owner of the data decides.',
        hasPart: files.map(({ path }) => ({ '@id': path })),
        mentions: { '@id': '#run' },
      },
      ...files.map(fileEntity),
      {
        '@id': '#run',
        '@type': 'CreateAction',
        name: 'A run of the pipeline',
        endTime: run.finishedAt,
        instrument: { '@id': '#program' },
        object: [{ '@id': '#upload' }, { '@id': '#configuration' }],
        result: files.map(({ path }) => ({ '@id': path })),
      },
      {
        '@id': '#program',
        '@type': 'SoftwareApplication',
        name: run.product,
        softwareVersion: run.version,
        identifier: `code digest ${run.code}`,
        runtimePlatform: `Node.js ${run.node}`,
      },
      {
        '@id': '#upload',
        '@type': 'Dataset',
        name: 'The DICOM instances of the upload',
        size: `${run.instances} instances`,
        identifier: `sha256:${run.instancesDigest}`,
      },
      {
        '@id': '#configuration',
        '@type': 'PropertyValue',
        name: 'Configuration of the run',
        description: 'It is in run.json, with digests instead of secrets.',
        value: `sha256:${run.configDigest}`,
      },
    ],
  };
}

function fileEntity({ path, bytes, sha256, meaning, mediaType }: CrateFile): object {
  return {
    '@id': path,
    '@type': 'File',
    name: path,
    description: meaning,
    encodingFormat: mediaType,
    contentSize: String(bytes),
    sha256,
  };
}
