import { observeFunction } from './observe.ts';

export const handler = observeFunction();
