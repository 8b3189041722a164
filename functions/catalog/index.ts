import { catalog } from '#lib/stages/catalog/catalog.ts';
import { stageFunction } from '../lambda.ts';

export const handler = stageFunction(catalog);
