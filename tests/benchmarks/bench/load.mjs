// `rtc load media`, run once; its JSON report.
import { on, processors, start } from './machine.mjs';

export async function load(rtc, target, args) {
  const [command, line] = on(processors?.other, 'dotnet', [rtc, 'load', 'media', ...target, ...args, '--json', '-']);
  const child = start(command, line);
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (errors = (errors + data).slice(-4000)));
  const code = await child.exited;
  if (code !== 0) throw new Error(`rtc load media ${args.join(' ')}: ${errors.trim().split('\n').at(-1)}`);
  return JSON.parse(output);
}

/** CPU microseconds of the measured process by forwarded packet. */
export const cost = (report) => report.processes[0].nanosecondsPerPacket / 1000;

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
};

/** What must never be seen, whatever the load. */
export function faults(report) {
  const { damaged, misrouted, duplicates, undecryptable, unexpected, silent } = report.media;
  const all = { damaged, misrouted, duplicates, undecryptable, unexpected, silent };
  return Object.entries(all).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
}
