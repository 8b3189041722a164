import { FINDINGS, type FindingCode } from '../finding-register.ts';

/** What a finding means, in words; the code itself where the register has none, as in tables of another version. */
export function findingTitle(code: unknown): string {
  const text = String(code);
  return Object.hasOwn(FINDINGS, text) ? FINDINGS[text as FindingCode].meaning : text;
}
