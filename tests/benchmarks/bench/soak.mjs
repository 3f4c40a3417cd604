// 10 rooms x 4 with a join and a leave every second, for an hour: memory flat after the warm-up, and every packet accounted for.
import { load, faults } from './load.mjs';
import { residentKib, sleep } from './machine.mjs';
import { Platform } from './platform.mjs';
import { columns, say } from './table.mjs';

const interval = 10_000;
const warmupShare = 0.1;

export async function soak(root, minutes) {
  const platform = await Platform.start(root);
  const samples = [];
  let running = true;
  const watching = (async () => {
    while (running) {
      samples.push({ node: residentKib(platform.node), server: residentKib(platform.server) });
      if (samples.length % 30 === 1) say(`${Math.round((samples.length * interval) / 60_000)} min: node ${samples.at(-1).node} KiB, server ${samples.at(-1).server} KiB`);
      await sleep(interval);
    }
  })();
  const report = await load(platform.rtc, platform.target, [
    '--rooms', '10', '--publishers', '4', '--subscribers', 'all', '--media', 'audio,video',
    '--storm', '1', '--storm-stay', '30s', '--duration', `${Math.round(minutes * 60)}s`,
  ]);
  running = false;
  await watching;
  await platform.stopPrograms();
  const settled = samples.slice(Math.ceil(samples.length * warmupShare));
  const row = (who) => {
    const kib = settled.map((s) => s[who]);
    const middle = Math.floor(kib.length / 2);
    const mean = (part) => Math.round(part.reduce((a, b) => a + b, 0) / part.length);
    return [who, String(kib[0]), String(mean(kib.slice(0, middle))), String(mean(kib.slice(middle))), String(Math.max(...kib))];
  };
  columns(['resident KiB after warm-up', 'first', 'mean 1st half', 'mean 2nd half', 'most'], [row('node'), row('server')]);
  const { media, churn } = report;
  say(`${media.received} of ${media.expected} packets arrived (${(media.lossShare * 100).toFixed(4)} % lost), p99 ${media.latency.p99} ms; faults: ${faults(report).join(', ') || 'none'}`);
  say(`${churn.joined} joined, ${churn.left} left, ${churn.failed} failed${churn.firstFailure ? ` (${churn.firstFailure})` : ''}`);
  say(`the node's own count: ${platform.logged('stopped') ?? 'not logged'}`);
  for (const warning of report.warnings) say(`DOUBTFUL: ${warning}`);
  await platform.stop();
}
