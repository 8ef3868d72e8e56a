import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { SERVICE_PORTS } from '../truth/ports.ts';
import type { Truth } from '../truth/truth.ts';
import { TARPIT_PORT } from './host-rules.ts';
import type { ListenAnswer, ListenOrder } from './listen.ts';
import { CommandFailed, systemEnvironment } from './run-command.ts';

/** The real listeners of one namespace, in a process of their own that dies with this one. */
export interface Listeners {
  /** Resolves when all listens, and says what it says, as it is in this truth. */
  readonly follow: (truth: Truth) => Promise<void>;
  readonly close: () => Promise<void>;
}

const PROGRAM = path.join(import.meta.dirname, 'listen.ts');

/** Starts them in a namespace; nothing listens until `follow` is called. */
export function startListeners(namespace: string): Listeners {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, PROGRAM], {
    env: systemEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  let last = 0;
  const obey = (order: Omit<ListenOrder, 'id'>) =>
    new Promise<void>((resolve, reject) => {
      last += 1;
      const id = last;
      const settle = (answer: ListenAnswer) => {
        if (answer.id !== id) return;
        child.off('message', settle);
        if (answer.problem) reject(new CommandFailed(`${namespace}: ${answer.problem}`));
        else resolve();
      };
      child.on('message', settle);
      ended.then(
        () => reject(new CommandFailed(`the listeners of ${namespace} have ended`)),
        reject,
      );
      child.send({ id, ...order } satisfies ListenOrder);
    });
  return {
    follow: (truth) => obey({ ports: listPorts(truth), speeches: listSpeeches(truth) }),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

function listPorts(truth: Truth): number[] {
  const own = [...truth.values()].flatMap(({ services }) => [...services.keys()]);
  return [...new Set([...SERVICE_PORTS, TARPIT_PORT, ...own])];
}

function listSpeeches(truth: Truth): ListenOrder['speeches'] {
  return [...truth.values()].flatMap(({ address, services }) =>
    [...services].map(([port, speech]) => [`${address}:${port}`, speech] as const),
  );
}
