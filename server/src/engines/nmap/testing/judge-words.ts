/** Test data: what somebody would like nmap to read as an option, or a shell as more than a word. */
export const NASTY = [
  ...['-iL', '-iL/etc/passwd', '--script=vuln', '--script', 'vuln', 'all', '-oN/tmp/x', '-oG', '-'],
  ...['--', '--resume', '--datadir=/tmp', '--script-args', '-sI', '-e', 'eth0', '-S', '--proxies'],
  ...[
    '$(id)',
    '`id`',
    ';id',
    '|id',
    '&&id',
    '\n-iL',
    '\0',
    "'",
    '"',
    '22;-iL',
    '22 -iL x',
    'T:-oN',
  ],
  ...['127.0.0.1 -iL x', '-127.0.0.1', '::1%eth0', '::1 -6', '127.0.0.1\n-oN', '1-', '-1', '+1'],
  ...['banner,vuln', 'banner and vuln', 'not banner', '+banner', '/tmp/x.nse', '../x', 'http-*'],
];

/** getopt as nmap calls it: which words are options, and which are their values. Written apart from the code. */
const TAKES_A_VALUE = new Set(
  '-oX --stats-every --top-ports -p --version-intensity --script --max-retries --min-rate --max-rate --host-timeout --max-rtt-timeout'.split(
    ' ',
  ),
);
const KNOWN_OPTIONS =
  /^(-v|-6|-n|-O|-sn|-sS|-sT|-sU|-sV|-Pn|-PE|-PP|-T[0-5]|-P[SAU][0-9,-]+|--reason|--noninteractive|--(un)?privileged)$/;

/** Test data: the words that nmap would read as anything but our options, their values, and the addresses. */
export function judgeWords(args: readonly string[], addresses: readonly string[]): string[] {
  const wrong: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (TAKES_A_VALUE.has(word)) {
      const value = rest.shift() ?? '';
      const isOutput = word === '-oX' && value === '-';
      if (!isOutput && !/^[a-zA-Z0-9][a-zA-Z0-9,:-]*$/.test(value)) wrong.push(`${word} ${value}`);
    } else if (word.startsWith('-') ? !KNOWN_OPTIONS.test(word) : !addresses.includes(word))
      wrong.push(word);
  }
  return wrong;
}
