import {
  cache,
  Enums,
  getRenderingEngine,
  init,
  RenderingEngine,
  setVolumesForViewports,
  type Types,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Volume } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import { shownVolume } from '#lib/viewer/even-slices.ts';
import type { GreyWindow } from '#lib/viewer/windows.ts';
import type { ShownImage } from './view.ts';

export const PLANES: Plane[] = ['axial', 'coronal', 'sagittal'];

const ENGINE = 'planes';
/** One context holds the voxels once for the three planes. */
const CONTEXTS = 1;
const ORIENTATIONS: Record<Plane, Enums.OrientationAxis> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};

/** The three planes as the drawing library draws them; places are in mm of the patient (LPS), as in DICOM. */
export interface Planes {
  viewport(plane: Plane): Types.IVolumeViewport;
  show(background: ShownImage, overlaid: ShownImage | undefined): Promise<void>;
  setWindow(image: ShownImage, window: GreyWindow): void;
  setOverlaid(image: ShownImage, window: GreyWindow, opacity: number): void;
  moveTo(pointMm: Vec3): void;
  resize(): void;
  render(): void;
}

export async function openPlanes(hosts: Record<Plane, HTMLDivElement>): Promise<Planes> {
  await init({ rendering: { webGlContextCount: CONTEXTS } } as Parameters<typeof init>[0]);
  getRenderingEngine(ENGINE)?.destroy();
  const engine = new RenderingEngine(ENGINE);
  engine.setViewports(
    PLANES.map((plane) => ({
      viewportId: plane,
      element: hosts[plane],
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: ORIENTATIONS[plane], background: [0, 0, 0] as Types.Point3 },
    })),
  );
  const viewport = (plane: Plane) => engine.getViewport(plane) as Types.IVolumeViewport;
  return {
    viewport,
    async show(background, overlaid) {
      const volumes = [background, ...(overlaid ? [overlaid] : [])].map(({ volumeId }) => ({ volumeId }));
      await setVolumesForViewports(engine, volumes, PLANES);
      // The plane that is drawn first lacks voxels that are new to the graphics card. Once drawn, they are there for all.
      engine.renderViewports(PLANES);
      await new Promise(requestAnimationFrame);
    },
    setWindow(image, window) {
      for (const plane of PLANES) viewport(plane).setProperties({ voiRange: rangeOf(window) }, image.volumeId);
    },
    setOverlaid(image, window, opacity) {
      const voiRange = rangeOf(window);
      const colormap = overlaidColours(image, voiRange, opacity);
      for (const plane of PLANES) {
        exactOpacity(viewport(plane), image.volumeId);
        viewport(plane).setProperties({ colormap, voiRange }, image.volumeId);
      }
    },
    moveTo(pointMm) {
      for (const plane of PLANES) viewport(plane).jumpToWorld(pointMm);
    },
    resize: () => engine.resize(true, true),
    render: () => engine.renderViewports(PLANES),
  };
}

/** PET glows where it takes up, and leaves the rest as it is; others are mixed evenly. */
function overlaidColours({ head }: ShownImage, { lower, upper }: Types.VOIRange, opacity: number) {
  const isPet = head.quantity === 'SUVbw';
  const ramp = [
    { value: lower, opacity: isPet ? 0 : opacity },
    { value: upper, opacity },
  ];
  return { name: isPet ? 'Inferno (matplotlib)' : 'Grayscale', opacity: ramp };
}

/**
 * A slice is a thin slab to the library, which adds up opacity along the ray: a thin slab would be all but invisible. With
 * the greatest value of the slab, and its own step as the unit of opacity, opacity is what it is set to.
 */
function exactOpacity(viewport: Types.IVolumeViewport, volumeId: string): void {
  const actor = viewport.getActors().find(({ referencedId }) => referencedId === volumeId)?.actor as Types.VolumeActor;
  const mapper = actor.getMapper();
  mapper.setBlendMode(Enums.BlendModes.MAXIMUM_INTENSITY_BLEND);
  actor.getProperty().setScalarOpacityUnitDistance(0, mapper.getSampleDistance());
}

/** Of the image that voxels are of. */
interface VoxelsAre {
  modality: string;
  space: string;
}

/** Hands the voxels of an image to the drawing library, on even slices, and answers with the grid that it draws. */
export function loadVoxels(volumeId: string, image: Volume, { modality, space }: VoxelsAre): Volume {
  const shown = shownVolume(image);
  const { grid } = shown;
  const data = drawable(shown.data);
  const isSigned = data instanceof Int16Array ? 1 : 0;
  volumeLoader.createLocalVolume(volumeId, {
    scalarData: data,
    dimensions: grid.size,
    spacing: grid.spacingMm,
    origin: grid.originMm,
    direction: transposed(grid.direction),
    metadata: {
      BitsAllocated: 8 * data.BYTES_PER_ELEMENT,
      BitsStored: 8 * data.BYTES_PER_ELEMENT,
      HighBit: 8 * data.BYTES_PER_ELEMENT - 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      PixelRepresentation: isSigned,
      Modality: modality,
      ImageOrientationPatient: Array.from(transposed(grid.direction)).slice(0, 6),
      PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
      FrameOfReferenceUID: space,
      Columns: grid.size[0],
      Rows: grid.size[1],
      voiLut: [],
      VOILUTFunction: 'LINEAR',
    },
  });
  return shown;
}

/** Forgets the voxels of all images. */
export function forgetVoxels(): void {
  getRenderingEngine(ENGINE)?.destroy();
  cache.purgeCache();
}

function rangeOf({ centre, width }: GreyWindow): { lower: number; upper: number } {
  return { lower: centre - width / 2, upper: centre + width / 2 };
}

/** What a graphics card takes as it is; the rest as 32-bit floats, for drawing alone. */
function drawable(data: Volume['data']): Uint8Array | Int16Array | Uint16Array | Float32Array {
  const isTaken =
    data instanceof Int16Array ||
    data instanceof Uint16Array ||
    data instanceof Uint8Array ||
    data instanceof Float32Array;
  return isTaken ? data : Float32Array.from(data);
}

/** The library lists the unit vectors of i, j and k one after the other. */
function transposed(m: ArrayLike<number>): Types.Mat3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}
