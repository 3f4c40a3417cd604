import type { Participant, TrackPublication } from '@rtcplatform/client';
import { hueOf, initials } from '../ui/avatar.js';
import { h, show } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

export type TileSource = 'camera' | 'screen_share';

/** One person's picture (or shared screen), name and state. */
export class Tile {
  readonly element: HTMLElement;
  private readonly video = h('video', { playsinline: true, autoplay: true, muted: true });
  private readonly avatar: HTMLElement;
  private readonly name = h('span', { class: 'tile-name' });
  private readonly muteBadge = h('span', { class: 'mute-badge', 'data-testid': 'mute-badge', title: 'Microphone is off' }, icon('micOff'));
  private attached: { track: TrackPublication['track']; sid: string } | undefined;

  constructor(
    readonly participant: Participant,
    readonly source: TileSource,
  ) {
    this.avatar =
      source === 'screen_share'
        ? h('div', { class: 'waiting' }, h('span', { class: 'spinner' }), 'The screen appears in a moment…')
        : h('div', { class: 'avatar', 'aria-hidden': 'true' });
    this.muteBadge.append(h('span', { class: 'sr-only' }, 'Microphone is off'));
    this.element = h(
      'article',
      {
        class: `tile ${source === 'screen_share' ? 'screen' : ''} ${participant.isLocal && source === 'camera' ? 'own' : ''}`,
        'data-testid': 'tile',
        'data-identity': participant.identity,
        'data-source': source,
        'data-local': String(participant.isLocal),
      },
      this.avatar,
      this.video,
      h('div', { class: 'tile-label' }, this.muteBadge, this.name),
    );
    this.video.addEventListener('playing', () => this.element.classList.add('playing'));
    this.video.addEventListener('resize', () => this.element.toggleAttribute('data-portrait', this.isPortrait));
  }

  update(): void {
    const { participant } = this;
    const publication = participant.getTrackPublication(this.source);
    const visible = publication?.track !== undefined && !publication.isMuted;
    this.attach(visible ? publication : undefined);
    const shown = participant.name || participant.identity;
    const suffix = participant.isLocal ? ' (you)' : '';
    this.name.textContent = this.source === 'screen_share' ? `${shown}${suffix} · screen` : `${shown}${suffix}`;
    if (this.source === 'camera') {
      this.avatar.textContent = initials(shown);
    }
    this.avatar.style.setProperty('--hue', String(hueOf(participant.identity)));
    const speaks = participant.isMicrophoneEnabled;
    show(this.muteBadge, this.source === 'camera' && !speaks);
    show(this.video, visible);
    this.element.classList.toggle('no-video', !visible);
    this.element.dataset['camera'] = visible ? 'on' : 'off';
    this.element.dataset['mic'] = speaks ? 'on' : 'off';
    this.element.setAttribute('aria-label', `${this.name.textContent ?? ''}${speaks ? '' : ', microphone off'}`);
  }

  setSpeaking(speaking: boolean): void {
    this.element.classList.toggle('speaking', speaking && this.source === 'camera');
  }

  dispose(): void {
    this.attach(undefined);
    this.element.remove();
  }

  private get isPortrait(): boolean {
    return this.video.videoHeight > this.video.videoWidth;
  }

  private attach(publication: TrackPublication | undefined): void {
    const track = publication?.track;
    if (track === this.attached?.track) {
      return;
    }
    this.attached?.track?.detach(this.video);
    this.element.classList.remove('playing');
    this.attached = track === undefined ? undefined : { track, sid: publication?.trackSid ?? '' };
    track?.attach(this.video);
  }
}
