import { randomUUID } from 'node:crypto';

/** Files being written have such a name and are never objects: a killed writer leaves no half object. */
const PARTIAL = /^\.partial-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function newPartialName(): string {
  return `.partial-${randomUUID()}`;
}

/** Whether a file is one that a writer of this product began. Other programs have partial files of other names. */
export function isPartialName(name: string): boolean {
  return PARTIAL.test(name);
}
