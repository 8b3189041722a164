import type { Command } from 'commander';

/** A command of the command line. Its code, and all that this imports, is read when it is called. */
export interface CommandEntry {
  name: string;
  /** Shown in the list of commands, and as the first line of its help. */
  description: string;
  /** Answers with the function that adds the command, its options and its action to the program. */
  load(): Promise<(program: Command) => void>;
}

/** Every command, in the order of `--help`. */
export const COMMANDS: CommandEntry[] = [
  {
    name: 'run',
    description: 'run the whole pipeline on DICOM files: courses, structures, DVH, radiomics, QC, tables, report',
    load: async () => (await import('./commands/run.ts')).addRun,
  },
  {
    name: 'demo',
    description: 'create sample patients (invented) and run the pipeline on them',
    load: async () => (await import('./commands/demo.ts')).addDemo,
  },
  {
    name: 'status',
    description: 'show the state of a run: one line per course, one column per stage',
    load: async () => (await import('./commands/status.ts')).addStatus,
  },
  {
    name: 'top',
    description: 'show a running run on this machine, live: stages, CPUs, memory, queue',
    load: async () => (await import('./commands/top.ts')).addTop,
  },
  {
    name: 'config',
    description: 'show the settings in use (file, environment and flags), or list the profiles',
    load: async () => (await import('./commands/config.ts')).addConfig,
  },
  {
    name: 'doctor',
    description: 'check this machine and its programs, and propose a configuration',
    load: async () => (await import('./commands/doctor.ts')).addDoctor,
  },
  {
    name: 'models',
    description: 'add trained nnU-Net models (they then run without Python), list, verify or remove them',
    load: async () => (await import('./commands/models.ts')).addModels,
  },
  {
    name: 'deidentify',
    description: 'copy DICOM files without the identities of patients and staff (DICOM PS3.15 annex E)',
    load: async () => (await import('./commands/deidentify.ts')).addDeidentify,
  },
  {
    name: 'estimate',
    description: 'estimate the jobs, hours and dollars of a run on AWS',
    load: async () => (await import('./commands/estimate.ts')).addEstimate,
  },
  {
    name: 'publish-models',
    description: 'copy your models and TotalSegmentator weights to a deployment on AWS, or list the ones there',
    load: async () => (await import('./commands/publish-models.ts')).addPublishModels,
  },
  {
    name: 'fetch',
    description: 'fetch DICOM from an archive (PACS) into a folder, by DICOMweb or DIMSE; report what is missing',
    load: async () => (await import('./commands/fetch.ts')).addFetch,
  },
  {
    name: 'receive',
    description: 'receive DICOM by C-STORE into a folder, and optionally run the pipeline on it',
    load: async () => (await import('./commands/receive.ts')).addReceive,
  },
  {
    name: 'upload',
    description: 'send a folder to AWS; the run starts there when all files have arrived',
    load: async () => (await import('./commands/upload.ts')).addUpload,
  },
  {
    name: 'watch',
    description: 'show a run on AWS, live: one line per course, one column per stage',
    load: async () => (await import('./commands/watch.ts')).addWatch,
  },
  {
    name: 'runs',
    description: 'list the runs on AWS with their states',
    load: async () => (await import('./commands/runs.ts')).addRuns,
  },
  {
    name: 'stop',
    description: 'stop a run on AWS; finished results stay',
    load: async () => (await import('./commands/runs.ts')).addStop,
  },
  {
    name: 'redrive',
    description: 'continue a failed or stopped run on AWS where it ended',
    load: async () => (await import('./commands/runs.ts')).addRedrive,
  },
  {
    name: 'delete',
    description: 'delete a run on AWS, or a patient in all runs; with --uploads also the uploads; in all versions',
    load: async () => (await import('./commands/delete.ts')).addDelete,
  },
  {
    name: 'results',
    description: 'download the tables and the report of a run from AWS',
    load: async () => (await import('./commands/results.ts')).addResults,
  },
  {
    name: 'push',
    description: 'send the DICOM objects of a run (RTSTRUCT, SEG) to an archive, by DICOMweb',
    load: async () => (await import('./commands/push.ts')).addPush,
  },
  {
    name: 'export',
    description: 'copy images, masks and doses of a run into a folder for 3D Slicer, BIDS tools or nnU-Net',
    load: async () => (await import('./commands/export.ts')).addExport,
  },
  {
    name: 'view',
    description: 'show the courses of a run in the browser: images, structures, doses, DVHs',
    load: async () => (await import('./commands/view.ts')).addView,
  },
  {
    name: 'validate',
    description:
      'check a configuration and an input without running: show courses, doses and what a run would leave out',
    load: async () => (await import('./commands/validate.ts')).addValidate,
  },
  {
    name: 'dvh',
    description: 'compute DVH metrics of a structure set and a dose; print one row per ROI',
    load: async () => (await import('./commands/dvh.ts')).addDvh,
  },
  {
    name: 'radiomics',
    description: 'compute radiomics features as PyRadiomics or IBSI define them; print one row per region',
    load: async () => (await import('./commands/radiomics.ts')).addRadiomics,
  },
  {
    name: 'robustness',
    description: 'measure how much radiomics features change when image and mask are perturbed',
    load: async () => (await import('./commands/robustness.ts')).addRobustness,
  },
];
