import { z } from 'zod';
import { content, seconds, secret } from './values.ts';

export const organize = z.strictObject({
  merge_criteria: z
    .enum(['same_ct_study', 'frame_of_reference'])
    .default('same_ct_study')
    .describe('what makes objects of a patient one course'),
  max_days: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe('plans further apart than this are courses of their own'),
  course_salt: secret(
    'secret that course ids and pseudonyms are hashed with; null: with pseudonym, a key made at the first run, else a public word',
  ),
  identifiers: z
    .enum(['keep', 'id', 'pseudonym'])
    .default('id')
    .describe('what of the patient enters the tables: all, PatientID with sex and age, or a keyed hash instead'),
  dose_override: content.default(null).describe('file that decides the dose of a course by hand'),
  read_timeout: seconds.default(300).describe('for one batch of header reads, in seconds'),
});
