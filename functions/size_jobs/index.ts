import { sizeJobs } from '#lib/stages/size-jobs.ts';
import { stageFunction } from '../lambda.ts';

export const handler = stageFunction(sizeJobs);
