import type { Participant, Room } from '@rtcplatform/client';
import { h, show } from '../ui/dom.js';
import { fitGrid, fitStrip } from './grid.js';
import { Tile, type TileSource } from './Tile.js';

const maxTiles = 25;
const gap = 10;

/** All tiles of a call: a grid, or a large shared screen with the people beside it. */
export class Stage {
  readonly element = h('div', { class: 'stage', 'data-testid': 'stage' });
  private readonly spotlight = h('div', { class: 'spotlight', hidden: true });
  private readonly grid = h('div', { class: 'grid' });
  private readonly more = h('div', { class: 'tile more', hidden: true, 'data-testid': 'more-tile' });
  private readonly tiles = new Map<string, Tile>();
  private readonly observer = new ResizeObserver(() => this.layout());

  constructor(private readonly room: Room) {
    this.element.append(this.spotlight, this.grid);
    this.observer.observe(this.element);
  }

  /** Makes the tiles agree with the room. */
  update(): void {
    const wanted = this.wanted();
    for (const [key, tile] of this.tiles) {
      if (!wanted.some((want) => want.key === key && want.participant === tile.participant)) {
        tile.dispose();
        this.tiles.delete(key);
      }
    }
    const hidden = Math.max(0, wanted.filter((want) => want.source === 'camera').length - maxTiles);
    const places = maxTiles - (hidden > 0 ? 1 : 0);
    let shown = 0;
    for (const { key, participant, source } of wanted) {
      const tile = this.tiles.get(key) ?? new Tile(participant, source);
      this.tiles.set(key, tile);
      tile.update();
      const parent = source === 'screen_share' ? this.spotlight : this.grid;
      if (tile.element.parentElement !== parent) {
        parent.append(tile.element);
      }
      if (source === 'camera') {
        shown += 1;
        show(tile.element, shown <= places);
      }
    }
    const others = shown - places;
    this.more.textContent = `+${others} more`;
    show(this.more, hidden > 0);
    this.grid.append(this.more);
    this.layout();
  }

  setSpeakers(identities: string[]): void {
    for (const tile of this.tiles.values()) {
      tile.setSpeaking(identities.includes(tile.participant.identity));
    }
  }

  dispose(): void {
    this.observer.disconnect();
    this.tiles.forEach((tile) => tile.dispose());
    this.tiles.clear();
    this.element.remove();
  }

  private wanted(): { key: string; participant: Participant; source: TileSource }[] {
    const people: Participant[] = [...this.room.remoteParticipants.values(), this.room.localParticipant];
    return people.flatMap((participant) => {
      const camera = { key: `${participant.identity}/camera`, participant, source: 'camera' as const };
      const screen = { key: `${participant.identity}/screen`, participant, source: 'screen_share' as const };
      return participant.isScreenShareEnabled ? [screen, camera] : [camera];
    });
  }

  private layout(): void {
    const presenting = this.spotlight.childElementCount > 0;
    show(this.spotlight, presenting);
    this.element.classList.toggle('presenting', presenting);
    const visible = [...this.grid.children].filter((tile) => !(tile as HTMLElement).hidden).length;
    const stage = { width: this.element.clientWidth, height: this.element.clientHeight };
    const beside = presenting && stage.width > stage.height;
    this.element.classList.toggle('beside', beside);
    const space = { width: this.grid.clientWidth, height: this.grid.clientHeight };
    const fit = presenting
      ? fitStrip(visible, beside ? { ...stage, height: space.height } : stage, gap)
      : fitGrid(visible, space, gap, space.width < space.height ? 3 / 4 : 4 / 3);
    this.grid.style.setProperty('--tile-width', `${fit.width}px`);
    this.grid.style.setProperty('--tile-height', `${Math.floor(fit.height)}px`);
    this.element.dataset['tiles'] = String(visible);
  }
}
