const nested = (depth: number, open: string, close: string) =>
  `${open.repeat(depth)}${close.repeat(depth)}`;

/** What stands in no field rightly, as JSON: wrong types, sizes, characters and numbers. */
export const HOSTILE_JSON: readonly string[] = [
  ...['null', 'true', 'false', '0', '-1', '1e999', '-1e999', '1e308', '0.1', '-0'],
  ...['9007199254740993', '123456789012345678901234567890', '4294967296', '2147483648'],
  ...['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\uffff"'],
  ...['"\\u202egnp.exe"', '"\\u001b[2J\\u0007"', '"\\r\\nBcc: eve@example.org"', '"=1+1"'],
  ...['"NaN"', '"Infinity"', '"1e3"', '"0x10"', '"null"', '"undefined"', '"[object Object]"'],
  ...['"../../../../etc/passwd"', '"%00%2e%2e%2f"', '"{{7*7}}#{7*7}"', `"'\\"\`;--"`],
  ...['"-oN /tmp/x"', '"--script=x"', '"10.0.0.0/0"', '"::/0"', '"999.1.1.1"', '"1-65536"'],
  ...['"00000000-0000-0000-0000-000000000000"', '"not-a-uuid"', '"2999-99-99T99:99:99Z"'],
  ...['"+275760-09-14T00:00:00Z"', '"0000-01-01T00:00:00Z"', '"* * * * * *"', '"0 0 31 2 *"'],
  ...['[]', '{}', '[[]]', '[null]', '[{}]', '{"":""}', '{"toString":1}', '{"length":-1}'],
  ...['{"$ne":null}', '{"constructor":1}', '[0,1,2,3,4,5,6,7,8,9]'],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'],
  ...[nested(60, '[', ']'), `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`],
  JSON.stringify('x'.repeat(5_000)),
  JSON.stringify('\u{1f600}'.repeat(3_000)),
  JSON.stringify(Array.from({ length: 2_000 }, (_, index) => index)),
  JSON.stringify(Array.from({ length: 500 }, () => ({ a: 'b' }))),
];

/** What stands in an address or a query, percent-encoded or raw. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...['%00', 'a%00b', '%2e%2e', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '..%5c..%5c', '%c0%af', '%ff'],
  ...['%', '%zz', '%e2%82', '%ed%a0%80', '%F0%9F%98%80', '%0d%0aset-cookie:%20a=b', '%20', '+'],
  ...['null', 'undefined', '-1', '0', '1e309', 'NaN', '99999999999999999999', '0x1F', '1.5'],
  ...[
    '127.0.0.1',
    '::1',
    'fe80::1%25eth0',
    '::ffff:10.0.0.1',
    '1.2.3',
    '010.0.0.1',
    '10.0.0.0%2F8',
  ],
  ...['00000000-0000-4000-8000-000000000000', '00000000-0000-0000-0000-00000000000g', '{}', '[]'],
  ...["'%20or%201=1--", '"', '%3Cscript%3E', '$%7Bx%7D', '=cmd', '__proto__', 'constructor'],
  ...['now', '2026-13-45', '2026-02-30T25:00:00Z', '-000001-01-01T00:00:00Z', 'a'.repeat(101)],
  ...['a'.repeat(3_000), '%61'.repeat(1_000), 'eyJhZnRlciI6MX0', 'W10', 'bnVsbA', '*', ';', '/'],
];

/** Whole bodies as bytes, and what is said of them. */
export interface HostileBody {
  readonly name: string;
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const typed = (type: string) => ({ 'content-type': type });
const of = (
  name: string,
  content: string | Buffer,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): HostileBody => ({ name, bytes: Buffer.from(content), headers });

export const HOSTILE_BODIES: readonly HostileBody[] = [
  of('nothing', ''),
  of('half an object', '{"name":'),
  of('half a string', '{"name":"a'),
  of('two values', '{}{}'),
  of('a comma too many', '{"a":1,}'),
  of('NaN', '{"a":NaN}'),
  of('Infinity', '-Infinity'),
  of('single quotes', "{'a':1}"),
  of('a comment', '/**/{}'),
  of('a byte order mark', '\ufeff{}'),
  of('NUL bytes', '\0\0\0\0'),
  of(
    'broken UTF-8',
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
  ),
  of('a lone surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  of('UTF-16', Buffer.from('{"name":"a"}', 'utf16le'), typed('application/json; charset=utf-16')),
  of('UTF-16 without saying so', Buffer.from('{"name":"a"}', 'utf16le')),
  of('a charset that nobody knows', '{}', typed('application/json; charset=klingon')),
  of('gzip', Buffer.from('1f8b08000000000000ff', 'hex'), {
    ...JSON_TYPE,
    'content-encoding': 'gzip',
  }),
  of('an encoding that nobody knows', '{}', { ...JSON_TYPE, 'content-encoding': 'x, y, br' }),
  of('no type at all', '{}', {}),
  of('plain text', 'name=a', typed('text/plain')),
  of('a form', 'name=a&name=b', typed('application/x-www-form-urlencoded')),
  of('parts', '--x\r\n\r\na\r\n--x--', typed('multipart/form-data; boundary=x')),
  of('XML', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', typed('text/xml')),
  of('bytes', Buffer.from([0, 1, 2, 3, 255]), typed('application/octet-stream')),
  of('a type that is none', '{}', typed('application/json/xml;;;=')),
  of('another JSON', '{"a":1}', typed('application/vnd.api+json')),
  of('very deep arrays', nested(20_000, '[', ']')),
  of('very deep objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  of('very many fields', `{${Array.from({ length: 3_000 }, (_, n) => `"f${n}":${n}`).join()}}`),
  of('the same field twice', '{"name":"a","name":{"b":1}}'),
  of('a prototype', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}'),
];

/** Larger than anything may be; sent now and then, for it takes its time. */
export const TOO_LARGE: HostileBody = of('9 MB', `{"name":"${'x'.repeat(9_000_000)}"}`);
