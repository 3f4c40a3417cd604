// What the bench needs of the machine: processors, pinning, processes that end with it.
import { execFileSync, spawn } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { existsSync, readFileSync } from 'node:fs';

/** One processor for what is measured, the next for everything else; null = the machine has only one, nothing is pinned. */
export const processors = cpus().length > 1 && existsSync('/usr/bin/taskset') ? { measured: 0, other: 1 } : null;

export const description = `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** All threads of a process go to one processor. */
export function pin(pid, processor) {
  if (processors) execFileSync('taskset', ['-a', '-p', '-c', String(processor), String(pid)], { stdio: 'ignore' });
}

/** A command that runs on one processor from its first instruction on. */
export function on(processor, command, args) {
  return processors ? ['taskset', ['-c', String(processor), command, ...args]] : [command, args];
}

const children = new Set();

/** Starts a process that is ended, at the latest, when the bench ends. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  children.add(child);
  child.exited = new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      children.delete(child);
      resolve(code ?? signal);
    });
    child.on('error', reject);
  });
  return child;
}

export async function stop(child) {
  if (!children.has(child)) return;
  child.kill('SIGTERM');
  await child.exited;
}

export const stopAll = () => Promise.all([...children].map(stop));

/** Processes that would disturb: how much of the machine was busy in the last second, 0 to 1. */
export async function busyShare() {
  const read = () => {
    const ticks = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1, 9).map(Number);
    return { idle: ticks[3] + ticks[4], all: ticks.reduce((a, b) => a + b) };
  };
  const before = read();
  await sleep(1000);
  const after = read();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Resident memory of a process. */
export const residentKib = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
