import { z } from 'zod';
import { content, seconds, secret } from './values.ts';

export const organize = z.strictObject({
  merge_criteria: z
    .enum(['same_ct_study', 'frame_of_reference'])
    .default('same_ct_study')
    .describe('rule that groups the objects of a patient into courses'),
  max_days: z.number().min(0).nullable().default(null).describe('plans more days apart than this are separate courses'),
  course_salt: secret(
    'secret for the hash of course ids and pseudonyms; null: with pseudonym the first run creates a key, otherwise a public word is used',
  ),
  identifiers: z
    .enum(['keep', 'id', 'pseudonym'])
    .default('id')
    .describe(
      'identifiers in the tables: keep (all), id (PatientID, sex and age) or pseudonym (a keyed hash instead of PatientID)',
    ),
  dose_override: content.default(null).describe('file in which you choose the dose of a course yourself'),
  read_timeout: seconds.default(300).describe('time limit in seconds for reading one batch of headers'),
});
