import { UnreadableScan } from '../unreadable.ts';
import type { MasscanReading } from './reading.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A text, which is passed over, or a key without its quotes. */
const TEXT_OR_KEY = /"(?:[^"\\]|\\.)*"|([a-z_]+)(?=\s*:)/gi;

/** Reads one object of masscan's JSON; true when it is the one that says that masscan finished. */
export function readRecord(reading: MasscanReading, text: string): boolean {
  const record = parse(text);
  if ('finished' in record) return true;
  if (!('ip' in record))
    throw new UnreadableScan('this record has no "ip": masscan did not write it');
  reading.note(record.timestamp);
  if (record.rec_type === undefined)
    for (const port of listPorts(record)) addPort(reading, record, port);
  else addLine(reading, record);
  return false;
}

/** -oJ: `{"ip": …, "ports": [{"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack"}]}`. */
function addPort(reading: MasscanReading, { ip }: Fields, port: Fields): void {
  const { proto, status, reason } = port;
  const service = isFields(port.service) ? port.service : undefined;
  reading.add({
    address: ip,
    protocol: proto,
    port: port.port,
    status,
    reason,
    ...(service && { banner: { kind: service.name, text: service.banner } }),
  });
}

/** -oD: `{"ip": …, "port": 80, "proto": "tcp", "rec_type": "status", "data": {"status": "open"}}`. */
function addLine(reading: MasscanReading, { ip, proto, port, rec_type, data }: Fields): void {
  const { status, reason, service_name: kind, banner } = isFields(data) ? data : {};
  reading.add({
    address: ip,
    protocol: proto,
    port,
    status,
    reason,
    ...(rec_type === 'banner' && { banner: { kind, text: banner } }),
  });
}

function listPorts({ ports }: Fields): readonly Fields[] {
  if (Array.isArray(ports) && ports.every(isFields)) return ports;
  throw new UnreadableScan('this record has no list of "ports": masscan did not write it');
}

function parse(text: string): Fields {
  for (const form of [text, quoteKeys(text)])
    try {
      const value: unknown = JSON.parse(form);
      if (isFields(value)) return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  throw new UnreadableScan(`this record is not JSON: ${text.slice(0, 60)}`);
}

function quoteKeys(text: string): string {
  return text.replace(TEXT_OR_KEY, (all: string, key?: string) => (key ? `"${key}"` : all));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
