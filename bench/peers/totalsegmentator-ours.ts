/** One run of a converted task, as a process of its own: node totalsegmentator-ours.ts <task> <fast> [class ...], in the folder of image.nii.gz. */

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { silentLog } from '../../lib/log.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { convertedTask } from '../../lib/segmentation/total-segmentator/converted-tasks.ts';
import { weightsHome } from '../../lib/segmentation/total-segmentator/home-folder.ts';
import { runConverted } from '../../lib/segmentation/total-segmentator/run-converted.ts';

const [task, fast, ...subset] = process.argv.slice(2);
const converted = await convertedTask(weightsHome({ weights: null }), task, fast === 'true');
if (!converted) throw new Error(`${task} was not converted`);
const volume = readNifti(readFileSync('image.nii.gz'));
const { signal } = new AbortController();
const input = { volume, where: '', cores: availableParallelism(), signal, log: silentLog };
const settings = { device: 'cpu' as const, roi_subset: subset.length > 0 ? subset : null };
const { labelMaps } = await runConverted(converted, settings, input);
writeFileSync('ours.nii.gz', writeNifti(labelMaps[0].volume, true));
