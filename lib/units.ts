/** Inside: Gy, mm, cc, HU. These are the factors at the readers that meet something else. */
export const MM3_PER_CC = 1000;
export const GY_PER_CGY = 0.01;
export const CGY_PER_GY = 100;
export const MM_PER_CM = 10;
export const BYTES_PER_MIB = 1024 * 1024;
export const MS_PER_S = 1000;
export const S_PER_H = 3600;
