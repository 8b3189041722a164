import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Frees what this thread no longer uses, at once; buffers that it shares with others stay as long as they use them. */
export const collectGarbage: () => void = runInNewContext('gc');
