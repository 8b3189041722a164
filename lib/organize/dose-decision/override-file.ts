import { z } from 'zod';

const selectedDose = z.union([
  z.string().min(1),
  z.strictObject({ dose_uid: z.string().min(1), weight: z.number().positive().default(1) }),
]);

/** `dose_override.yaml`: what a person decided, by course id. It wins over every rule. */
export const doseOverrideSchema = z.strictObject({
  courses: z.record(
    z.string().min(1),
    z.strictObject({
      /** SOP Instance UIDs that are added up; [] says that the course has no dose. */
      doses: z.array(selectedDose),
      prescription_gy: z.number().positive().optional(),
      /** Why, and by whom: stored with the decision. */
      reason: z.string().min(1),
    }),
  ),
});

export type DoseOverride = z.infer<typeof doseOverrideSchema>;
