export interface Grid {
  columns: number;
  rows: number;
  /** Pixels of one tile. */
  width: number;
  height: number;
}

/** The arrangement in which `count` tiles of one shape are largest in the space. `aspect` is width by height. */
export function fitGrid(count: number, space: { width: number; height: number }, gap: number, aspect = 16 / 9): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns) || 1;
    const freeWidth = (space.width - gap * (columns - 1)) / columns;
    const freeHeight = (space.height - gap * (rows - 1)) / rows;
    const width = Math.max(0, Math.min(freeWidth, freeHeight * aspect));
    if (width > best.width) {
      best = { columns, rows, width: Math.floor(width), height: Math.floor(width / aspect) };
    }
  }
  return best;
}
