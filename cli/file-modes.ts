import { BadInput } from '#lib/errors.ts';

/** Takes every right from all but the owner. */
const OWNER_ALONE = 0o077;
export const UMASK_VARIABLE = 'RTPIPELINE_UMASK';

/**
 * Only the owner may use the files of the product: files 0600, folders 0700, also those of programs it starts.
 * RTPIPELINE_UMASK shares them with a group: 027 lets the group read.
 * @throws BadInput when the variable is not a umask, or would take rights from the owner
 */
export function keepFilesToOwner(environment: NodeJS.ProcessEnv, setMask = (mask: number) => void process.umask(mask)) {
  const text = environment[UMASK_VARIABLE];
  if (text !== undefined && !/^0?0[0-7]{2}$/.test(text))
    throw new BadInput(
      `${UMASK_VARIABLE} is ${JSON.stringify(text)}: write three octal digits that begin with 0, such as 027`,
    );
  setMask(text === undefined ? OWNER_ALONE : Number.parseInt(text, 8));
}
