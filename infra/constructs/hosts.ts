/** Whom jobs run as: nobody. The images say the same. */
export const JOB_USER = '10001';

/** Folder of a host for published models and weights: fetched once, by its first job that needs them. */
export const HOST_MODELS = '/var/lib/rtpipeline/models';
