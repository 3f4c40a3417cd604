import { h } from '../ui/dom.js';

const bars = 12;

/** Shows how loud a microphone is, so that people see before joining that it works. */
export class LevelMeter {
  readonly element: HTMLElement;
  private context: AudioContext | undefined;
  private frame = 0;

  constructor() {
    this.element = h(
      'div',
      { class: 'meter', 'data-testid': 'mic-level', role: 'img', 'aria-label': 'Microphone level' },
      ...Array.from({ length: bars }, () => h('i')),
    );
  }

  start(track: MediaStreamTrack): void {
    this.stop();
    const context = new AudioContext();
    this.context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const draw = () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.paint(Math.min(1, Math.sqrt(power) * 6));
      this.frame = requestAnimationFrame(draw);
    };
    draw();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    void this.context?.close();
    this.context = undefined;
    this.paint(0);
  }

  private paint(level: number): void {
    const lit = Math.round(level * bars);
    [...this.element.children].forEach((bar, index) => bar.classList.toggle('on', index < lit));
    this.element.dataset['level'] = level.toFixed(2);
  }
}
