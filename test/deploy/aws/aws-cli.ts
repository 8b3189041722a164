import { execFileSync } from 'node:child_process';

/** The answer of the AWS CLI: for services that nothing else here speaks to. @throws Error with what it said */
export function aws<Answer>(...args: string[]): Answer {
  return JSON.parse(execFileSync('aws', [...args, '--output', 'json'], { encoding: 'utf8' })) as Answer;
}
