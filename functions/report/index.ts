import { report } from '#lib/stages/report.ts';
import { stageFunction } from '../lambda.ts';

export const handler = stageFunction(report);
