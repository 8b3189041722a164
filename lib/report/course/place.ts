import type { Row } from '../../tables/table.ts';
import { html, type Markup } from '../html.ts';

/** Where a finding is seen, in patient coordinates; nothing where it has no place. */
export function placeOf({ position_x_mm: x, position_y_mm: y, position_z_mm: z }: Row): Markup | undefined {
  if (typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number') return undefined;
  const mm = (value: number) => value.toFixed(1).replace('-', '−');
  return html` <span class="place">x ${mm(x)}, y ${mm(y)}, z ${mm(z)} mm</span>`;
}
