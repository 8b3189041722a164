import { organize } from '#lib/stages/organize/organize.ts';
import { stageFunction } from '../lambda.ts';

export const handler = stageFunction(organize);
