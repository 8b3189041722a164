import type { Shape } from '../../rt/contours/shape.ts';

/** Of the area within edges of closed loops, by Green's theorem along them. */
export interface AreaMoments {
  /** Centroid, mm. */
  centre: [number, number];
  /** Second moments about it, divided by the area, mm2. */
  uu: number;
  uv: number;
  vv: number;
}

export function areaMoments({ edges }: Shape): AreaMoments {
  const [u0, v0] = [edges[0], edges[1]];
  let [twice, u, v, uu, uv, vv] = [0, 0, 0, 0, 0, 0];
  for (let e = 0; e < edges.length; e += 4) {
    const [au, av, bu, bv] = [edges[e] - u0, edges[e + 1] - v0, edges[e + 2] - u0, edges[e + 3] - v0];
    const cross = au * bv - bu * av;
    twice += cross;
    u += cross * (au + bu);
    v += cross * (av + bv);
    uu += cross * (au * au + au * bu + bu * bu);
    vv += cross * (av * av + av * bv + bv * bv);
    uv += cross * (2 * au * av + au * bv + bu * av + 2 * bu * bv);
  }
  const [cu, cv] = [u / (3 * twice), v / (3 * twice)];
  return {
    centre: [u0 + cu, v0 + cv],
    uu: uu / (6 * twice) - cu * cu,
    uv: uv / (12 * twice) - cu * cv,
    vv: vv / (6 * twice) - cv * cv,
  };
}
