/** Where an account keeps the images of a deployment. */
export interface ImageRegistry {
  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  host: string;
  deployment: string;
  version: string;
}

export const IMAGES = ['analysis', 'segmentation'] as const;

export function imageName({ host, deployment, version }: ImageRegistry, image: (typeof IMAGES)[number]): string {
  return `${host}/${deployment}/${image}:${version}`;
}

/** The commands of Docker that build and push images for the hosts of Batch, which are x86, whatever builds them. */
export function pushSteps(registry: ImageRegistry, images: readonly (typeof IMAGES)[number][]): string[][] {
  return images.flatMap((image) => {
    const name = imageName(registry, image);
    const file = `containers/${image}/Dockerfile`;
    return [
      ['build', '--platform', 'linux/amd64', '--file', file, '--tag', name, '.'],
      ['push', name],
    ];
  });
}
