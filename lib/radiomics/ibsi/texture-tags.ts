import type { GlcmFeatures } from '../features/glcm.ts';
import type { NgtdmFeatures } from '../features/ngtdm.ts';
import type { SizeMatrixFeatures } from '../features/size-matrix.ts';

type Pattern = Exclude<keyof SizeMatrixFeatures, 'total'>;

/** IBSI's tags for the features of the engine. Sum variance is cluster tendency, dissimilarity is difference average. */
export const GLCM_TAGS: Record<string, keyof GlcmFeatures> = {
  cm_joint_max: 'MaximumProbability',
  cm_joint_avg: 'JointAverage',
  cm_joint_var: 'SumSquares',
  cm_joint_entr: 'JointEntropy',
  cm_diff_avg: 'DifferenceAverage',
  cm_diff_var: 'DifferenceVariance',
  cm_diff_entr: 'DifferenceEntropy',
  cm_sum_avg: 'SumAverage',
  cm_sum_var: 'ClusterTendency',
  cm_sum_entr: 'SumEntropy',
  cm_energy: 'JointEnergy',
  cm_contrast: 'Contrast',
  cm_dissimilarity: 'DifferenceAverage',
  cm_inv_diff: 'Id',
  cm_inv_diff_norm: 'Idn',
  cm_inv_diff_mom: 'Idm',
  cm_inv_diff_mom_norm: 'Idmn',
  cm_inv_var: 'InverseVariance',
  cm_corr: 'Correlation',
  cm_auto_corr: 'Autocorrelation',
  cm_clust_tend: 'ClusterTendency',
  cm_clust_shade: 'ClusterShade',
  cm_clust_prom: 'ClusterProminence',
  cm_info_corr1: 'Imc1',
  cm_info_corr2: 'Imc2',
};

export const NGTDM_TAGS: Record<string, keyof NgtdmFeatures> = {
  ngt_coarseness: 'Coarseness',
  ngt_contrast: 'Contrast',
  ngt_busyness: 'Busyness',
  ngt_complexity: 'Complexity',
  ngt_strength: 'Strength',
};

export const GLRLM_TAGS: Record<string, Pattern> = {
  rlm_sre: 'short',
  rlm_lre: 'long',
  rlm_lgre: 'low',
  rlm_hgre: 'high',
  rlm_srlge: 'shortLow',
  rlm_srhge: 'shortHigh',
  rlm_lrlge: 'longLow',
  rlm_lrhge: 'longHigh',
  rlm_glnu: 'levelNonUniformity',
  rlm_glnu_norm: 'levelNonUniformityNormalized',
  rlm_rlnu: 'sizeNonUniformity',
  rlm_rlnu_norm: 'sizeNonUniformityNormalized',
  rlm_r_perc: 'percentage',
  rlm_gl_var: 'levelVariance',
  rlm_rl_var: 'sizeVariance',
  rlm_rl_entr: 'entropy',
};

export const GLSZM_TAGS: Record<string, Pattern> = {
  szm_sze: 'short',
  szm_lze: 'long',
  szm_lgze: 'low',
  szm_hgze: 'high',
  szm_szlge: 'shortLow',
  szm_szhge: 'shortHigh',
  szm_lzlge: 'longLow',
  szm_lzhge: 'longHigh',
  szm_glnu: 'levelNonUniformity',
  szm_glnu_norm: 'levelNonUniformityNormalized',
  szm_zsnu: 'sizeNonUniformity',
  szm_zsnu_norm: 'sizeNonUniformityNormalized',
  szm_z_perc: 'percentage',
  szm_gl_var: 'levelVariance',
  szm_zs_var: 'sizeVariance',
  szm_zs_entr: 'entropy',
};

export const GLDZM_TAGS: Record<string, Pattern> = {
  dzm_sde: 'short',
  dzm_lde: 'long',
  dzm_lgze: 'low',
  dzm_hgze: 'high',
  dzm_sdlge: 'shortLow',
  dzm_sdhge: 'shortHigh',
  dzm_ldlge: 'longLow',
  dzm_ldhge: 'longHigh',
  dzm_glnu: 'levelNonUniformity',
  dzm_glnu_norm: 'levelNonUniformityNormalized',
  dzm_zdnu: 'sizeNonUniformity',
  dzm_zdnu_norm: 'sizeNonUniformityNormalized',
  dzm_z_perc: 'percentage',
  dzm_gl_var: 'levelVariance',
  dzm_zd_var: 'sizeVariance',
  dzm_zd_entr: 'entropy',
};

export const NGLDM_TAGS: Record<string, Pattern> = {
  ngl_lde: 'short',
  ngl_hde: 'long',
  ngl_lgce: 'low',
  ngl_hgce: 'high',
  ngl_ldlge: 'shortLow',
  ngl_ldhge: 'shortHigh',
  ngl_hdlge: 'longLow',
  ngl_hdhge: 'longHigh',
  ngl_glnu: 'levelNonUniformity',
  ngl_glnu_norm: 'levelNonUniformityNormalized',
  ngl_dcnu: 'sizeNonUniformity',
  ngl_dcnu_norm: 'sizeNonUniformityNormalized',
  ngl_dc_perc: 'percentage',
  ngl_gl_var: 'levelVariance',
  ngl_dc_var: 'sizeVariance',
  ngl_dc_entr: 'entropy',
  ngl_dc_energy: 'energy',
};
