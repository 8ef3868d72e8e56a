import { describe, expect, it } from 'vitest';
import { describeConfig, parseConfig } from './config.ts';

const problemsOf = (environment: NodeJS.ProcessEnv) => {
  const outcome = parseConfig(environment);
  return outcome.ok ? [] : outcome.problems;
};
const configOf = (environment: NodeJS.ProcessEnv) => {
  const outcome = parseConfig(environment);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.config;
};

describe('parseConfig', () => {
  it('needs nothing to be set', () => {
    expect(configOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 9004,
      databaseUrl: null,
      secretKey: null,
      oldSecretKeys: [],
      runAs: null,
      allowPrivateOutbound: { hosts: [], networks: [] },
      publicUrl: null,
      trustedProxies: [],
      smtpUrl: null,
      adminEmail: null,
      logLevel: 'info',
    });
  });

  it('takes a variable that is set to nothing for absent', () => {
    expect(configOf({ PORT: '', DATABASE_URL: ' ' })).toEqual(configOf({}));
  });

  it.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ NETDELTA_DATA_DIR: '/var/lib/../lib/netdelta/' }, { dataDir: '/var/lib/netdelta' }],
    [{ DATABASE_URL: 'postgresql:///db?host=/run' }, { databaseUrl: 'postgresql:///db?host=/run' }],
    [
      { NETDELTA_PUBLIC_URL: 'https://scan.example.org' },
      { publicUrl: new URL('https://scan.example.org') },
    ],
    [{ NETDELTA_MAIL_FROM: 'NetDelta <a@b.example>' }, { mailFrom: 'NetDelta <a@b.example>' }],
    [
      { NETDELTA_TRUSTED_PROXIES: '10.0.0.0/8, ::1 192.0.2.7' },
      { trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.7'] },
    ],
    [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
  ])('reads %j', (environment, expected) => {
    expect(configOf(environment)).toMatchObject(expected);
  });

  it.each([
    ['HOST', 'http://here'],
    ['HOST', '127.0.0.1.5'],
    ['HOST', 'a:b'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['DATABASE_URL', 'mysql://host/db'],
    ['DATABASE_URL', 'postgresql://'],
    ['NETDELTA_SECRET_KEY', 'too short a secret'],
    ['NETDELTA_PUBLIC_URL', 'netdelta.example.org'],
    ['NETDELTA_PUBLIC_URL', 'https://a b'],
    ['NETDELTA_TRUSTED_PROXIES', 'proxy.example.org'],
    ['NETDELTA_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['NETDELTA_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['NETDELTA_TRUSTED_PROXIES', '10.0.0.1,true'],
    ['SMTP_URL', 'mail.example.org'],
    ['NETDELTA_MAIL_FROM', 'nobody'],
    ['NETDELTA_MAIL_FROM', 'a@b.example\r\nBcc: c@d.example'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
  });

  it('lists all problems at once', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'x',
      SMTP_URL: 'x',
      NETDELTA_ADMIN_EMAIL: 'a@b.example',
    });
    const names = problems.map((text) => text.split(' ')[0]);
    expect(names).toEqual(['PORT', 'SMTP_URL', 'LOG_LEVEL', 'NETDELTA_ADMIN_PASSWORD']);
  });

  it('wants both of the first admin or neither', () => {
    expect(problemsOf({ NETDELTA_ADMIN_EMAIL: 'a@b.example' })).toEqual([
      'NETDELTA_ADMIN_PASSWORD is missing; set both or neither',
    ]);
  });

  it('never repeats a secret', () => {
    const secret = 'hunter2';
    const problems = problemsOf({
      NETDELTA_SECRET_KEY: secret,
      NETDELTA_ADMIN_PASSWORD: secret,
      DATABASE_URL: `mysql://u:${secret}@host`,
      SMTP_URL: `http://u:${secret}@host`,
    });
    expect(problems.length).toBeGreaterThanOrEqual(4);
    expect(problems.join()).not.toContain(secret);
  });
});

describe('describeConfig', () => {
  it('says what every variable means', () => {
    const rows = describeConfig();
    expect(rows.find(([name]) => name === 'PORT')).toEqual([
      'PORT',
      '9004',
      'the port to listen on; 0 for any free one',
    ]);
    expect(rows.filter(([, , meaning]) => meaning === '')).toEqual([]);
  });
});
