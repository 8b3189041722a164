/** How AWS's tools and clients reach the emulator: no account and no real credentials. */
export function emulatorEnvironment(port: number): Record<string, string> {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    // CDK remembers the account of a key: a key of its own keeps that apart from other emulators.
    AWS_ACCESS_KEY_ID: 'rtpipeline-emulator',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
