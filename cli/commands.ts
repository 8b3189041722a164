import type { Command } from 'commander';

/** A command of the command line. Its code, and all that this imports, is read when it is called. */
export interface CommandEntry {
  name: string;
  /** For the list of commands, and the first line of its own help. */
  description: string;
  /** Answers with the function that adds the command, its options and its action to the program. */
  load(): Promise<(program: Command) => void>;
}

/** Every command, in the order of `--help`. */
export const COMMANDS: CommandEntry[] = [
  {
    name: 'run',
    description: 'take DICOM through the whole pipeline: courses, structures, DVH, radiomics, QC, tables, report',
    load: async () => (await import('./commands/run.ts')).addRun,
  },
  {
    name: 'demo',
    description: 'make a sample cohort of patients who do not exist and run the pipeline on it',
    load: async () => (await import('./commands/demo.ts')).addDemo,
  },
  {
    name: 'status',
    description: 'show what a run has done: a line per course, a column per stage',
    load: async () => (await import('./commands/status.ts')).addStatus,
  },
  {
    name: 'top',
    description: 'show a run on this machine while it goes on: stages, CPUs, memory, queue',
    load: async () => (await import('./commands/top.ts')).addTop,
  },
  {
    name: 'config',
    description: 'show the configuration that file, environment and flags make, or the profiles that there are',
    load: async () => (await import('./commands/config.ts')).addConfig,
  },
  {
    name: 'doctor',
    description: 'look at this machine and its programs, and propose a configuration',
    load: async () => (await import('./commands/doctor.ts')).addDoctor,
  },
  {
    name: 'models',
    description: 'add trained nnU-Net models that then run without Python, list, verify and remove them',
    load: async () => (await import('./commands/models.ts')).addModels,
  },
  {
    name: 'deidentify',
    description: 'copy DICOM without what tells of patients and staff, after DICOM PS3.15 annex E',
    load: async () => (await import('./commands/deidentify.ts')).addDeidentify,
  },
  {
    name: 'estimate',
    description: 'what a run on AWS would take and cost: jobs, hours, dollars',
    load: async () => (await import('./commands/estimate.ts')).addEstimate,
  },
  {
    name: 'publish-models',
    description: 'give a deployment on AWS models of your own and weights of TotalSegmentator, or show those it has',
    load: async () => (await import('./commands/publish-models.ts')).addPublishModels,
  },
  {
    name: 'fetch',
    description: 'fetch DICOM from an archive into a folder, by DICOMweb or DIMSE; what is missing is told',
    load: async () => (await import('./commands/fetch.ts')).addFetch,
  },
  {
    name: 'receive',
    description: 'take DICOM that is sent here (C-STORE) into a folder, then run the pipeline on it',
    load: async () => (await import('./commands/receive.ts')).addReceive,
  },
  {
    name: 'upload',
    description: 'send a folder to AWS, where its run starts when the last file is there',
    load: async () => (await import('./commands/upload.ts')).addUpload,
  },
  {
    name: 'watch',
    description: 'show a run on AWS as it goes: a line per course, a column per stage',
    load: async () => (await import('./commands/watch.ts')).addWatch,
  },
  {
    name: 'runs',
    description: 'list the runs on AWS with their states',
    load: async () => (await import('./commands/runs.ts')).addRuns,
  },
  {
    name: 'stop',
    description: 'end a run on AWS; what is computed stays',
    load: async () => (await import('./commands/runs.ts')).addStop,
  },
  {
    name: 'redrive',
    description: 'go on with a failed or stopped run on AWS where it failed',
    load: async () => (await import('./commands/runs.ts')).addRedrive,
  },
  {
    name: 'delete',
    description: 'delete a run on AWS, or a patient in all runs, and what was sent, in all versions',
    load: async () => (await import('./commands/delete.ts')).addDelete,
  },
  {
    name: 'results',
    description: 'fetch the tables and the report of a run from AWS',
    load: async () => (await import('./commands/results.ts')).addResults,
  },
  {
    name: 'push',
    description: 'store the DICOM objects of a run (RTSTRUCT, SEG) in an archive, by DICOMweb',
    load: async () => (await import('./commands/push.ts')).addPush,
  },
  {
    name: 'export',
    description: 'copy images, masks and doses of a run into a folder for 3D Slicer, BIDS tools or nnU-Net',
    load: async () => (await import('./commands/export.ts')).addExport,
  },
  {
    name: 'view',
    description: 'look at a run in the browser: images, structures, doses and DVHs of its courses',
    load: async () => (await import('./commands/view.ts')).addView,
  },
  {
    name: 'validate',
    description: 'check a configuration and an input without running: courses, doses, and what would be left out',
    load: async () => (await import('./commands/validate.ts')).addValidate,
  },
  {
    name: 'dvh',
    description: 'DVH metrics of a structure set on a dose: a row per ROI on stdout',
    load: async () => (await import('./commands/dvh.ts')).addDvh,
  },
  {
    name: 'radiomics',
    description: 'radiomics features, with the names and numbers of PyRadiomics or of IBSI: a row per region on stdout',
    load: async () => (await import('./commands/radiomics.ts')).addRadiomics,
  },
  {
    name: 'robustness',
    description: 'how much the radiomics features of an image and a mask vary when both are disturbed',
    load: async () => (await import('./commands/robustness.ts')).addRobustness,
  },
];
