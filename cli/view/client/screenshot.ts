import type { Plane } from '#lib/report/pictures/picture.ts';
import { element } from './dom.ts';
import { PLANES } from './planes.ts';
import { labelled } from './text-on-canvas.ts';
import { dashOf, type View } from './view.ts';

type Hosts = Record<Plane, { drawn: HTMLDivElement; overlay: HTMLCanvasElement }>;

const KEY_HEIGHT = 22;
const KEY_WIDTH = 170;

/** The three planes with a key, as PNG. It names the course, not the patient: pictures are shown around. */
export function savePicture(view: View, hosts: Hosts): void {
  pictureOf(view, hosts).toBlob((blob) => {
    if (!blob) return;
    const address = URL.createObjectURL(blob);
    element('a', { href: address, download: `${view.scene.courseId}.png` }).click();
    URL.revokeObjectURL(address);
  }, 'image/png');
}

function pictureOf(view: View, hosts: Hosts): HTMLCanvasElement {
  const sizes = PLANES.map((plane) => hosts[plane].overlay.getBoundingClientRect());
  const left = Math.min(...sizes.map((size) => size.left));
  const top = Math.min(...sizes.map((size) => size.top));
  const width = Math.max(...sizes.map((size) => size.right)) - left;
  const height = Math.max(...sizes.map((size) => size.bottom)) - top;
  const shown = view.structures.filter(({ isVisible, mask }) => isVisible && mask);
  const inRow = Math.max(1, Math.floor(width / KEY_WIDTH));
  const rows = Math.ceil(shown.length / inRow) + 1;
  const picture = element('canvas', { width: Math.ceil(width), height: Math.ceil(height + KEY_HEIGHT * rows) });
  const context = picture.getContext('2d');
  if (!context) return picture;
  context.fillStyle = '#000';
  context.fillRect(0, 0, picture.width, picture.height);
  for (const [n, plane] of PLANES.entries())
    for (const canvas of [...hosts[plane].drawn.querySelectorAll('canvas'), hosts[plane].overlay])
      context.drawImage(canvas, sizes[n].left - left, sizes[n].top - top, sizes[n].width, sizes[n].height);
  const { scene, window, doses } = view;
  const words = [
    `course ${scene.name}`,
    `level ${Math.round(window.centre)}, width ${Math.round(window.width)}`,
    doses.first && `dose ${doses.first.dose.label}, 100 % = ${view.referenceDose.toFixed(2)} ${doses.first.unit}`,
  ];
  labelled(context, words.filter(Boolean).join('; '), [8, height + 15], '#e8edf0');
  for (const [n, { structure, colour }] of shown.entries()) {
    const [x, y] = [8 + KEY_WIDTH * (n % inRow), height + KEY_HEIGHT * (1 + Math.floor(n / inRow)) + 12];
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dashOf(view, structure.group));
    context.beginPath();
    context.moveTo(x, y - 4);
    context.lineTo(x + 26, y - 4);
    context.stroke();
    labelled(context, structure.name.slice(0, 20), [x + 32, y], '#e8edf0');
  }
  return picture;
}
