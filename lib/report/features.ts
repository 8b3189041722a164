/** Features that most readers know, to see at a glance whether the numbers make sense. */
export const SHOWN_FEATURES = [
  'original_shape_MeshVolume',
  'original_shape_Sphericity',
  'original_firstorder_Mean',
  'original_firstorder_Entropy',
  'original_glcm_Contrast',
  'original_glcm_JointEntropy',
];

export function isFeature(column: string): boolean {
  return /_(shape|shape2D|firstorder|glcm|glrlm|glszm|gldm|ngtdm)_/.test(column);
}
