import type { FindingKind } from './kind.ts';

export const SEGMENTATION = {
  STAGE_LEFT_OUT: {
    severity: 'warning',
    meaning: 'A stage was left out on AWS, because the quotas of the account allow none of the hosts that it needs.',
    remedy: 'Request the quota that the message names, then send the marker of the upload again.',
  },
  NO_SEGMENTATION_TOOL: {
    severity: 'info',
    meaning: 'Nothing on this machine can run the segmentation, or some of its tasks.',
    remedy: 'Install TotalSegmentator, convert the tasks with `models add`, or switch segmentation off.',
  },
  NOT_SEGMENTED: {
    severity: 'warning',
    meaning: 'An image was not segmented: it could not be read or has too few slices.',
    remedy: 'The message gives the reason.',
  },
  SEGMENTATION_REGION_ABSENT: {
    severity: 'info',
    meaning: 'A model was not run because the image does not show the region that it needs.',
    remedy: 'Nothing to do.',
  },
  SEGMENTATION_NO_PROGRAM: {
    severity: 'error',
    meaning: 'The program of a model is not installed on this machine.',
    remedy: 'Install it, or set its path in the configuration.',
  },
  SEGMENTATION_LICENSE: {
    severity: 'error',
    meaning: 'A segmentation task needs a licence.',
    remedy: 'Set segmentation.license to a valid number.',
  },
  SEGMENTATION_NO_WEIGHTS: {
    severity: 'error',
    meaning: 'The weights of a model are not on this machine and could not be downloaded, or they are damaged.',
    remedy: 'Set the folder with the weights, or allow the download. Copy damaged weights again.',
  },
  SEGMENTATION_DISK_FULL: {
    severity: 'error',
    meaning: 'The disk was full while a model ran.',
    remedy: 'Free some space and run again. Finished results are kept.',
  },
  SEGMENTATION_TIMED_OUT: {
    severity: 'error',
    meaning: 'A model took longer than its limit.',
    remedy: 'Raise segmentation.timeout, or use a GPU.',
  },
  SEGMENTATION_GPU_MEMORY: {
    severity: 'error',
    meaning: 'A model needed more GPU memory than there is.',
    remedy: 'Use a larger GPU, or the fast (3 mm) model.',
  },
  SEGMENTATION_GPU_LOST: {
    severity: 'error',
    meaning: 'The GPU stopped answering while a model ran.',
    remedy:
      'Run again. If it happens again, look at `nvidia-smi -q` for errors of the GPU, or set segmentation.device to cpu.',
  },
  SEGMENTATION_MEMORY: {
    severity: 'error',
    meaning: 'A model needed more memory than there is.',
    remedy: 'Use a machine with more memory, or the fast (3 mm) model.',
  },
  SEGMENTATION_UNUSABLE: {
    severity: 'error',
    meaning: 'The result of a model does not fit the image.',
    remedy: 'The message gives the reason. Check the version of the model.',
  },
  SEGMENTATION_CLASS_UNKNOWN: {
    severity: 'warning',
    meaning: 'A class in segmentation.roi_subset does not exist in the task: it gets no structure.',
    remedy: 'Correct segmentation.roi_subset; the message names the nearest class.',
  },
  SEGMENTED_NOTHING: {
    severity: 'warning',
    meaning: 'A model found none of its structures in an image.',
    remedy: 'Look at the image. Check that the model is made for its modality and region.',
  },
  SEGMENTED_SIDES_SWAPPED: {
    severity: 'warning',
    meaning: 'A model drew a left structure to the right of its right counterpart.',
    remedy: 'Look at the structures. Check the patient position of the image and the order of the labels.',
  },
  SEGMENTED_VOLUME_IMPLAUSIBLE: {
    severity: 'warning',
    meaning:
      'A model drew an organ larger than four times the adult size, or a complete organ smaller than a fortieth of it.',
    remedy: 'Look at the structure before you use it. Check the order of the labels.',
  },
  SEGMENTED_VERTEBRAE_IMPLAUSIBLE: {
    severity: 'warning',
    meaning: 'A model drew vertebrae out of order, or left out a number between others.',
    remedy:
      'Look at the spine before you use vertebrae or what is cropped at them. Some people have one vertebra more or fewer.',
  },
  SEGMENTATION_FAILED: {
    severity: 'error',
    meaning: 'A model failed.',
    remedy: 'The message and the log of the job give the reason.',
  },
  SEGMENTED_AT_3_MM: {
    severity: 'warning',
    meaning: 'The fast model (3 mm) was used instead of the full model.',
    remedy: 'Do not mix its structures with those of the full model.',
  },
  SEGMENTED_UNDER_LICENCE: {
    severity: 'info',
    meaning: 'The model is free for non-commercial use only.',
    remedy: 'Check that your use is allowed.',
  },
  SEGMENTED_WITHOUT_GPU: {
    severity: 'info',
    meaning: 'The model ran without a GPU.',
    remedy: 'The result is the same, but it takes longer. The message gives the reason.',
  },
  SEGMENTED_ON_EVEN_SLICES: {
    severity: 'info',
    meaning: 'The image was resampled to even slices for the model.',
    remedy: 'Nothing to do.',
  },
  SEGMENTED_ACROSS_HOLE: {
    severity: 'warning',
    meaning: 'For the model, missing slices of the image were interpolated.',
    remedy: 'Do not use its structures near the gap. Export the missing slices.',
  },
  SEGMENTED_NOT_AXIAL: {
    severity: 'warning',
    meaning: 'The model was trained on axial images, but this image has another orientation.',
    remedy: 'Look at its structures before you use them.',
  },
  NO_CUSTOM_MODELS: {
    severity: 'warning',
    meaning: 'The folder with the custom models does not exist.',
    remedy: 'Set custom_models.root to the right folder.',
  },
  CUSTOM_MODEL_UNKNOWN: {
    severity: 'warning',
    meaning: 'The configuration names a custom model that does not exist or is disabled.',
    remedy: 'Correct custom_models.models.',
  },
  CUSTOM_MODEL_REFUSED: {
    severity: 'warning',
    meaning: 'The description of a custom model cannot be used.',
    remedy: 'Correct custom_model.yaml as the message says.',
  },
  CUSTOM_MODEL_WITHOUT_WEIGHTS: {
    severity: 'warning',
    meaning: 'The weights of a custom model are missing.',
    remedy: 'Put the files that the message names into the folder of the model.',
  },
  CUSTOM_MODEL_WITHOUT_IMAGE: {
    severity: 'info',
    meaning: 'A course has no image of the modality that a custom model is for.',
    remedy: 'Nothing to do if modality in custom_model.yaml is right.',
  },
  CUSTOM_MODEL_LABELS_RENAMED: {
    severity: 'info',
    meaning: 'A custom model names labels differently from dataset.json of its network.',
    remedy: 'Check that the names mean the same.',
  },
  CUSTOM_MODEL_LABELS_MISSING: {
    severity: 'warning',
    meaning: 'A custom model gave fewer labels than it declares.',
    remedy: 'Check the label list in custom_model.yaml.',
  },
} as const satisfies Record<string, FindingKind>;
