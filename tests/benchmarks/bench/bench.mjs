// ./bench [quick|soak [MINUTES]]: the platform beside the floor, in turns, in the same minutes; one table.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Floor, buildFloor } from './floor.mjs';
import { cost, faults, load, median } from './load.mjs';
import { busyShare, description, processors, stopAll } from './machine.mjs';
import { Platform } from './platform.mjs';
import { flatness, peers, scenarios } from './scenarios.mjs';
import { soak } from './soak.mjs';
import { columns, say } from './table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const gatherUs = 1000;
const busyLimit = 0.15;

// Of the run at 70 % of a core. One publisher's packet to all at once would make the last of them wait for the others.
const perRoom = 50;

async function main(mode, minutes) {
  say(`${description}; ${processors ? 'the measured process on processor 0, everything else on 1' : 'one processor: nothing is pinned'}`);
  const busy = await busyShare();
  if (busy > busyLimit) say(`DOUBTFUL: ${Math.round(busy * 100)} % of this machine is busy with something else`);
  if (mode === 'soak') return soak(root, minutes);
  buildFloor();
  const platform = await Platform.start(root);
  const floors = { plain: await Floor.start(), gathering: await Floor.start({ lingerUs: gatherUs }) };
  const bench = new Bench(platform, floors, mode === 'quick');
  await bench.warm();
  await bench.besideFloor();
  await bench.setups();
  await bench.flat();
  await bench.limits();
  await platform.stop();
  await Promise.all(Object.values(floors).map((floor) => floor.stop()));
  await shards(mode === 'quick');
}

/**
 * Two shards on two processors, which the load tool has to share: it cannot fill them, so what two carry is told from the CPU
 * time of a packet. Twice as much, if a packet costs on two shards what it costs on one.
 */
async function shards(quick) {
  const span = ['--warmup', '10s', '--duration', quick ? '4s' : '6s'];
  const rooms = ['--rooms', '2', '--subscribers', '100'];
  const spread = ['--subscribers', '200'];
  const measure = async (options, args) => {
    const platform = await Platform.start(root, options);
    const report = await load(platform.rtc, platform.target, [...span, ...args]);
    await platform.stop();
    return report;
  };
  // A shard takes four fifths of this before a room spreads: 200 subscribers of 170 packets per second end up on both.
  const capacity = 25_000;
  const cases = [
    ['2 rooms -> 100, one shard', await measure({ shards: 1 }, rooms)],
    ['2 rooms -> 100, two shards', await measure({ shards: 2 }, rooms)],
    ['1 room -> 200, one shard', await measure({ shards: 1 }, spread)],
    ['1 room -> 200, piped over two shards', await measure({ shards: 2, capacity }, spread)],
  ];
  columns(['shards', 'us per packet', 'two carry, times one (goal >= 1.8)', 'p99 ms', 'loss %', 'faults'], cases.map(([name, report], i) => [
    name,
    cost(report).toFixed(2),
    i % 2 ? ((2 * cost(cases[i - 1][1])) / cost(report)).toFixed(2) : '',
    report.media.latency.p99.toFixed(2),
    (report.media.lossShare * 100).toFixed(3),
    faults(report).join(', ') || 'none',
  ]));
  for (const [name, report] of cases) {
    say(`${name}: ${report.processes[0].cpu.threads.filter((t) => t.name.startsWith('shard')).map((t) => `${t.name} ${t.cores.toFixed(2)}`).join(', ')} cores`);
  }
}

class Bench {
  constructor(platform, floors, quick) {
    this.platform = platform;
    this.floors = floors;
    this.rounds = quick ? 1 : 3;
    this.duration = quick ? '4s' : '6s';
  }

  run(target, args, warmup = '3s') {
    return load(this.platform.rtc, target, ['--warmup', warmup, '--duration', this.duration, ...args]);
  }

  /** A process that just started runs code that is not compiled well yet. */
  async warm() {
    say('warming up');
    for (const { args } of scenarios) await this.run(this.platform.target, args, '10s');
  }

  async besideFloor() {
    const rows = [];
    for (const scenario of scenarios) {
      const runs = { node: [], plain: [], gathering: [] };
      for (let round = 0; round < this.rounds; round++) {
        runs.plain.push(await this.run(this.floors.plain.target, scenario.args));
        runs.node.push(await this.run(this.platform.target, scenario.args));
      }

      // Mostly no better than the plain one, so once is enough to see where it is.
      runs.gathering.push(await this.run(this.floors.gathering.target, scenario.args));

      // What else the machine does can only add, so the least of the rounds is nearest to the truth.
      const [node, plain, gathering] = ['node', 'plain', 'gathering'].map((who) => Math.min(...runs[who].map(cost)));
      const bad = runs.node.flatMap(faults);
      rows.push([
        scenario.name,
        node.toFixed(2),
        plain.toFixed(2),
        gathering.toFixed(2),
        (node / Math.min(plain, gathering)).toFixed(2),
        scenario.goal.ratio ? `<= ${scenario.goal.ratio} x` : `<= ${scenario.goal.microseconds} us`,
        median(runs.node.map((r) => r.media.latency.p99)).toFixed(2),
        median(runs.node.map((r) => r.media.lossShare * 100)).toFixed(3),
        scenario.peers.mediasoup,
        scenario.peers.janus,
        bad.join(', ') || 'none',
      ]);
      say(`${scenario.name}: ${runs.node.map((r) => cost(r).toFixed(2)).join(' ')} us, floor ${runs.plain.map((r) => cost(r).toFixed(2)).join(' ')}, gathering floor ${runs.gathering.map((r) => cost(r).toFixed(2)).join(' ')}`);
    }

    columns(['CPU us per forwarded packet', 'node', 'floor', 'floor 1 ms', 'node/best floor', 'goal', 'p99 ms', 'loss %', 'mediasoup', 'Janus', 'faults'], rows);
  }

  async setups() {
    const count = 1000;
    const idle = ['--video-bitrate', '10k', '--video-fps', '1', '--subscribers', String(count), '--concurrency', '32'];
    const report = await this.run(this.platform.target, idle);
    const [node, server] = report.processes;
    const storm = await this.run(this.platform.target, ['--subscribers', '100', '--storm', '100', '--concurrency', '32']);
    columns(['sessions', 'measured', 'goal', 'mediasoup', 'Janus'], [
      ['set-ups/s on one core (node)', (1000 / node.setupMilliseconds).toFixed(0), `>= ${peers.setupsPerSecond.goal}`, peers.setupsPerSecond.mediasoup, peers.setupsPerSecond.janus],
      ['set-ups/s seen (node, server and tool on two)', report.setup.perSecond.toFixed(0), '', '', ''],
      ['CPU ms per set-up: node', node.setupMilliseconds.toFixed(2), '', '', ''],
      ['CPU ms per set-up: server', server.setupMilliseconds.toFixed(2), '', '', ''],
      [`KiB per subscriber, ${count} of them`, node.residentGrowthKib.toFixed(0), `<= ${peers.memoryKib.goal}`, peers.memoryKib.mediasoup, peers.memoryKib.janus],
      ['p99 ms of 1 -> 100 while 100/s join and leave', storm.media.latency.p99.toFixed(2), '', '', ''],
      ['joined, left, failed in that storm', `${storm.churn.joined}, ${storm.churn.left}, ${storm.churn.failed}`, '', '', ''],
    ]);
  }

  async flat() {
    const rows = [];
    for (const { name, args } of flatness) {
      const report = await this.run(this.platform.target, args);
      rows.push([name, cost(report).toFixed(2), report.media.latency.p99.toFixed(2), (report.media.lossShare * 100).toFixed(3), faults(report).join(', ') || 'none']);
    }

    columns(['video, load', 'us per packet', 'p99 ms', 'loss %', 'faults'], rows);
  }

  async limits() {
    const report = await this.run(this.platform.target, ['--subscribers', '1000', '--find-most-subscribers']);
    const { subscribers, steps } = report.most;
    const best = steps.filter((s) => s.good).at(-1);
    const share = 0.7;
    const rooms = best && Math.max(1, Math.round((Math.min(subscribers, (subscribers * share) / best.serverCores)) / perRoom));
    const busy = best ? await this.run(this.platform.target, ['--rooms', String(rooms), '--subscribers', String(perRoom)]) : null;
    columns(['one core, video 1.5 Mbit/s', 'measured', 'goal', 'mediasoup', 'Janus'], [
      ['most subscribers (loss <= 0.1 %, p99 <= 50 ms)', String(subscribers), `>= ${peers.most.goal}`, peers.most.mediasoup, peers.most.janus],
      ...(busy ? [
        [`p99 ms at ${rooms} rooms -> ${perRoom}, ${busy.processes[0].cpu.cores.toFixed(2)} of the core`, busy.media.latency.p99.toFixed(2), '<= 10', '', ''],
        ['user-mode ns per packet there (ticks, coarse)', String(Math.round(busy.processes[0].nanosecondsPerPacket * busy.processes[0].cpu.userShare)), '<= 400', '', ''],
      ] : []),
    ]);
    for (const step of steps) say(`${step.subscribers}: ${step.good ? 'good' : 'bad'}, loss ${(step.lossShare * 100).toFixed(3)} %, p99 ${step.p99.toFixed(1)} ms, ${step.serverCores.toFixed(2)} cores`);
  }
}

const [mode = '', minutes = '60'] = process.argv.slice(2);
if (!['', 'quick', 'soak'].includes(mode) || !(Number(minutes) > 0)) {
  say('usage: ./bench [quick | soak [MINUTES]]');
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => stopAll().finally(() => process.exit(130)));
}

try {
  await main(mode, Number(minutes));
} catch (error) {
  say(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  await stopAll();
}
