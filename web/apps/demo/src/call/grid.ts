export interface Grid {
  columns: number;
  rows: number;
  /** Pixels of one tile. */
  width: number;
  height: number;
}

/**
 * The arrangement in which `count` tiles cover most of the space. Tiles may be as narrow as `minAspect` (width by height),
 * so that a phone held upright is filled too, and as wide as 16:9.
 */
export function fitGrid(count: number, space: { width: number; height: number }, gap: number, minAspect = 4 / 3): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns) || 1;
    const freeWidth = Math.max(0, (space.width - gap * (columns - 1)) / columns);
    const freeHeight = Math.max(0, (space.height - gap * (rows - 1)) / rows);
    const height = Math.floor(Math.min(freeHeight, freeWidth / minAspect));
    const width = Math.floor(Math.min(freeWidth, (height * 16) / 9));
    if (width * height > best.width * best.height) {
      best = { columns, rows, width, height };
    }
  }
  return best;
}

/** Tiles in one line beside (or, in an upright window, under) a shared screen: as large as all fit, never too small to be seen. */
export function fitStrip(count: number, stage: { width: number; height: number }, gap: number): { width: number; height: number } {
  if (stage.width <= stage.height) {
    return { width: 160, height: 120 };
  }
  const width = Math.min(240, Math.max(130, Math.floor(stage.width / 5)));
  const each = Math.floor((stage.height - gap * (count - 1)) / Math.max(1, count));
  return { width, height: Math.min(Math.floor((width * 9) / 16), Math.max(72, each)) };
}
