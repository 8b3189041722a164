import type { Grid, Mask } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import type { ViewedDose } from '#lib/viewer/dose-plane.ts';
import type { CourseScene, SceneDose, SceneStructure } from '#lib/viewer/scene.ts';
import type { GreyWindow, WindowPreset } from '#lib/viewer/windows.ts';
import type { FetchedVolume } from './fetching.ts';

/** An image as it is drawn. */
export interface ShownImage extends FetchedVolume {
  number: number;
  /** Name of its voxels in the drawing library. */
  volumeId: string;
  /** Even slices, as it is drawn. */
  drawnGrid: Grid;
  presets: WindowPreset[];
}

export interface ShownDose {
  dose: SceneDose;
  viewed: ViewedDose;
  space: string;
  notes: string[];
  /** Gy, or no unit of a relative dose. */
  unit: string;
  greatest: number;
}

export interface ShownStructure {
  structure: SceneStructure;
  colour: string;
  isVisible: boolean;
  /** Fetched when it is shown first. */
  mask?: Mask;
  /** Fetched when drawn contours are asked for. */
  loops?: number[][];
  space?: string;
}

export interface Measurement {
  plane: Plane;
  fromMm: Vec3;
  toMm: Vec3;
}

export type DoseMode = 'first' | 'second' | 'difference';

/** What is on the screen. Parts of it change by `change`, which tells everybody who draws. */
export interface View {
  scene: CourseScene;
  background?: ShownImage;
  overlaid?: ShownImage;
  overlaidOpacity: number;
  window: GreyWindow;
  cursorMm: Vec3;
  structures: ShownStructure[];
  /** The voxels that were counted, or the contours that were drawn where there are any. */
  outlines: 'counted' | 'drawn';
  /** Groups whose lines are compared; '' for none. */
  compared: [string, string];
  doses: { first?: ShownDose; second?: ShownDose };
  doseMode: DoseMode;
  /** What 100 % is. */
  referenceDose: number;
  hasWash: boolean;
  washOpacity: number;
  hasIsodoses: boolean;
  levelsPct: number[];
  /** A dose that the pointer rests on in the DVH. */
  pointedDose?: number;
  isMeasuring: boolean;
  measurements: Measurement[];
}

export interface ViewHolder {
  readonly view: View;
  change(part: Partial<View>): void;
  /** Called after each change with the names of what changed. */
  watch(listener: (changed: Set<keyof View>) => void): void;
}

export function holdView(view: View): ViewHolder {
  const listeners: ((changed: Set<keyof View>) => void)[] = [];
  return {
    view,
    change(part) {
      Object.assign(view, part);
      const changed = new Set(Object.keys(part) as (keyof View)[]);
      for (const listener of listeners) listener(changed);
    },
    watch: (listener) => void listeners.push(listener),
  };
}

/** Doses that are compared are drawn and listed only where their numbers are of one space with the image. */
export function isOnBackground(view: View, space: string | undefined): boolean {
  return space !== undefined && space === view.background?.head.space;
}

export const DASHES: number[][] = [[], [6, 4], [2, 3], [9, 3, 2, 3], [12, 5]];

/** The lines of each set or model have a dash of their own. */
export function dashOf(view: View, group: string): number[] {
  const groups = [...new Set(view.scene.structures.map((structure) => structure.group))];
  const [first, second] = view.compared;
  if (second !== '' && group === second) return DASHES[1];
  if (first !== '' && group === first) return DASHES[0];
  return DASHES[groups.indexOf(group) % DASHES.length];
}
