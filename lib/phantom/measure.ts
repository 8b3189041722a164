import { MM3_PER_CC } from '../units.ts';
import type { DoseField } from './dose-field.ts';
import type { Loop, Solid } from './solid.ts';

const SECTIONS = 100;
const CHORDS_ACROSS = 100;
const POINTS_ALONG_LONGEST_SIDE = 48;

/** Volume of a solid by its formula, else by integration of its sections (midpoint rule on 100 planes). */
export function volumeCc(solid: Solid): number {
  if (solid.volumeMm3 !== undefined) return solid.volumeMm3 / MM3_PER_CC;
  const step = (solid.max[2] - solid.min[2]) / SECTIONS;
  const chordMm = Math.max(solid.max[0] - solid.min[0], solid.max[1] - solid.min[1]) / CHORDS_ACROSS;
  let sum = 0;
  for (let k = 0; k < SECTIONS; k++) sum += areaMm2(solid.section(solid.min[2] + (k + 0.5) * step, chordMm));
  return (sum * step) / MM3_PER_CC;
}

/** Mean of a dose field over a solid, Gy, from a lattice of points: 48 along the longest side of its box. */
export function meanDoseGy(solid: Solid, dose: DoseField): number {
  const side = [0, 1, 2].map((axis) => solid.max[axis] - solid.min[axis]);
  const step = Math.max(...side) / POINTS_ALONG_LONGEST_SIDE;
  const [nx, ny, nz] = side.map((length) => Math.ceil(length / step));
  let sum = 0;
  let count = 0;
  for (let k = 0; k < nz; k++) {
    const z = solid.min[2] + ((k + 0.5) * side[2]) / nz;
    for (let j = 0; j < ny; j++) {
      const y = solid.min[1] + ((j + 0.5) * side[1]) / ny;
      for (let i = 0; i < nx; i++) {
        const x = solid.min[0] + ((i + 0.5) * side[0]) / nx;
        if (!solid.contains(x, y, z)) continue;
        sum += dose(x, y, z);
        count++;
      }
    }
  }
  return sum / count;
}

/** Area enclosed by loops under the even-odd rule, for loops that are nested or apart but do not cross. */
export function areaMm2(loops: Loop[]): number {
  return loops.reduce((sum, loop, index) => {
    const depth = loops.filter((other, o) => o !== index && encloses(other, loop[0], loop[1])).length;
    return sum + (depth % 2 === 0 ? 1 : -1) * polygonAreaMm2(loop);
  }, 0);
}

/** Shoelace formula, always positive. */
function polygonAreaMm2(loop: Loop): number {
  let twice = 0;
  for (let i = 0, p = loop.length - 2; i < loop.length; p = i, i += 2) {
    twice += loop[p] * loop[i + 1] - loop[i] * loop[p + 1];
  }
  return Math.abs(twice) / 2;
}

function encloses(loop: Loop, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, p = loop.length - 2; i < loop.length; p = i, i += 2) {
    const crosses = loop[i + 1] > y !== loop[p + 1] > y;
    if (crosses && x < loop[i] + ((y - loop[i + 1]) * (loop[p] - loop[i])) / (loop[p + 1] - loop[i + 1])) {
      inside = !inside;
    }
  }
  return inside;
}
