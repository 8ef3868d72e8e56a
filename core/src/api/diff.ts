import { z } from 'zod';

const zService = z.object({
  name: z.string().optional(),
  product: z.string().optional(),
  version: z.string().optional(),
  extraInfo: z.string().optional(),
  tunnel: z.string().optional(),
});

const zScript = z.object({ id: z.string(), output: z.string() });
const zNames = z.object({ addresses: z.array(z.string()), names: z.array(z.string()) });
const zRest = z.object({ rest: z.record(z.string(), z.int()) });
const zOs = z.object({ os: z.array(z.string()) });

const zPort = z.object({
  state: z.string().describe('open, closed, filtered, open|filtered …'),
  service: zService.optional(),
  scripts: z.array(zScript).optional(),
});

const zHost = z.object({
  state: z.string().describe('up, down or unknown'),
  ...zNames.shape,
  ...zRest.shape,
  ...zOs.shape,
  services: z.array(zPort.extend({ protocol: z.string(), port: z.int() })),
});

const zHostSubject = z.object({ address: z.string() });
const zPortSubject = zHostSubject.extend({ protocol: z.string(), port: z.int() });
const zScriptSubject = zHostSubject.extend({
  protocol: z.string().optional(),
  port: z.int().optional(),
  script: z.string(),
});

function change<Kind extends string, Subject extends z.ZodType, Side extends z.ZodType>(
  kinds: readonly [Kind, ...Kind[]],
  subject: Subject,
  side: Side,
) {
  return z.object({
    kind: z.enum(kinds),
    subject,
    before: side.nullable().describe('null: not listed'),
    after: side.nullable().describe('null: not listed'),
    sentence: z.string(),
  });
}

const PORT_KINDS = [
  'service.opened',
  'service.closed',
  'service.filtered',
  'service.changed',
  'port.changed',
] as const;

const zFile = z.object({
  file: z.string(),
  scanner: z.string().nullable(),
  version: z.string().nullable(),
  command: z.string().nullable(),
  at: z.string().nullable().describe('when the scan ended or, failing that, began; ISO 8601'),
  exit: z.enum(['success', 'error']).nullable(),
  truncated: z.boolean(),
  hosts: z.int().describe('how many hosts the file lists'),
});

/** What `netdelta diff --json` prints of two files (without --coverage); docs/diff.schema.json. */
export const zDiff = z.object({
  by: z.literal('listing'),
  before: zFile,
  after: zFile,
  deltas: z.array(
    z.union([
      change(['host.new', 'host.down', 'target.listed'], zHostSubject, zHost),
      change(['name.changed'], zHostSubject, z.union([zHost, zNames])),
      change(PORT_KINDS, zPortSubject, zPort),
      change(['script.changed'], zScriptSubject, zScript),
      change(['os.changed'], zHostSubject, zOs),
      change(['rest.changed'], zHostSubject, zRest),
    ]),
  ),
});
