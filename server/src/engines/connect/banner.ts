import type { Socket } from 'node:net';

const REQUEST = 'HEAD / HTTP/1.0\r\n\r\n';
const ENOUGH_BYTES = 4096;
/** After its first bytes a service has this long to say the rest. */
const PAUSE_MS = 150;

/**
 * Hears what a service says by itself, or else to a HEAD request, and ends the socket.
 * Waits `waitMs` for each; returns no bytes when it says nothing. Never rejects.
 */
export async function readBanner(socket: Socket, waitMs: number): Promise<Buffer> {
  const greeting = await hear(socket, waitMs);
  if (greeting.length > 0 || socket.destroyed) {
    socket.destroy();
    return greeting;
  }
  socket.write(REQUEST);
  const answer = await hear(socket, waitMs);
  socket.destroy();
  return answer;
}

function hear(socket: Socket, waitMs: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => {
      clearTimeout(timer);
      socket.off('data', collect).off('close', finish).off('end', finish);
      resolve(Buffer.concat(chunks).subarray(0, ENOUGH_BYTES));
    };
    const collect = (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      clearTimeout(timer);
      if (bytes >= ENOUGH_BYTES) finish();
      else timer = setTimeout(finish, PAUSE_MS);
    };
    let timer = setTimeout(finish, waitMs);
    socket.on('data', collect).once('close', finish).once('end', finish);
    if (socket.destroyed) finish();
  });
}
