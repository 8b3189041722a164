import { BadInput } from '#lib/errors.ts';

/** Takes every right from all but the owner. */
const OWNER_ALONE = 0o077;
export const UMASK_VARIABLE = 'RTPIPELINE_UMASK';

/**
 * What the product writes is its owner's: files 0600, folders 0700, of programs that it starts too. Whoever shares results
 * with a group sets RTPIPELINE_UMASK, 027 for one that may read.
 * @throws BadInput when the variable is no umask, or would take rights from the owner
 */
export function keepFilesToOwner(environment: NodeJS.ProcessEnv, setMask = (mask: number) => void process.umask(mask)) {
  const text = environment[UMASK_VARIABLE];
  if (text !== undefined && !/^0?0[0-7]{2}$/.test(text))
    throw new BadInput(
      `${UMASK_VARIABLE} is ${JSON.stringify(text)}: write three octal digits that begin with 0, such as 027`,
    );
  setMask(text === undefined ? OWNER_ALONE : Number.parseInt(text, 8));
}
