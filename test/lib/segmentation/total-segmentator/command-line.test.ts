import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import {
  programThreads,
  totalSegmentatorArgs,
  totalSegmentatorEnv,
} from '#lib/segmentation/total-segmentator/command-line.ts';

const CALL = {
  ...{ task: 'total', inputPath: 'in.nii.gz', outputPath: 'out.nii.gz', fast: false, forceSplit: false },
  device: 'gpu' as const,
};

const settingsOf = (segmentation: object) => parseConfig({ segmentation }).segmentation;

test('every option of the configuration reaches the command line', () => {
  const plain = ['-i', 'in.nii.gz', '-o', 'out.nii.gz', '--ml', '--task', 'total'];
  const threads = ['--nr_thr_resamp', '4', '--nr_thr_saving', '4'];
  const cases: [object, object, string[]][] = [
    [{}, {}, [...plain, '--device', 'gpu', ...threads]],
    [{}, { device: 'cpu' }, [...plain, '--device', 'cpu', ...threads]],
    [{}, { device: 'mps', fast: true }, [...plain, '--device', 'mps', ...threads, '--fast']],
    [{}, { forceSplit: true }, [...plain, '--device', 'gpu', ...threads, '--force_split']],
    [
      { nr_threads_resample: 3, nr_threads_save: 5 },
      {},
      [...plain, '--device', 'gpu', '--nr_thr_resamp', '3', '--nr_thr_saving', '5'],
    ],
    [
      { license: 'aca_ABCDEFGHIJKLMN' },
      { roiSubset: ['liver', 'spleen'] },
      [
        ...plain,
        '--device',
        'gpu',
        ...threads,
        '--license_number',
        'aca_ABCDEFGHIJKLMN',
        '--roi_subset',
        'liver',
        'spleen',
      ],
    ],
  ];
  for (const [settings, call, args] of cases) {
    assert.deepEqual(totalSegmentatorArgs({ ...CALL, ...call }, settingsOf(settings), 4), args);
  }
});

test('resampling and saving use the CPUs of the job as threads, at least 2 and at most 8', () => {
  const cases = [1, 2, 4, 6, 12, 16, 64].map((cores) => [cores, programThreads(settingsOf({}), cores).resample]);
  assert.deepEqual(cases, [
    [1, 2],
    [2, 2],
    [4, 4],
    [6, 6],
    [12, 8],
    [16, 8],
    [64, 8],
  ]);
});

test('the environment names the weights, the licence and the numbers of processes', () => {
  const settings = settingsOf({ weights: '/weights', license: 'x', num_proc_preprocessing: 2, num_proc_export: 3 });
  assert.deepEqual(totalSegmentatorEnv(settings), {
    TOTALSEG_NUM_PROCESSES_PREPROCESSING: '2',
    TOTALSEG_NUM_PROCESSES_SEGMENTATION_EXPORT: '3',
    TOTALSEG_FORCE_TORCH_NUM_THREADS: '1',
    TOTALSEG_WEIGHTS_PATH: '/weights',
    TOTALSEG_LICENSE: 'x',
  });
  assert.equal('TOTALSEG_WEIGHTS_PATH' in totalSegmentatorEnv(settingsOf({})), false);
});
