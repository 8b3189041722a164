import { plan } from '#lib/stages/plan.ts';
import { stageFunction } from '../lambda.ts';

export const handler = stageFunction(plan);
