import { describe, expect, it } from 'vitest';
import type { ServiceFacts } from '../snapshot/snapshot.ts';
import { isSameService, joinServices } from './service-facts.ts';

const probed = (facts: Partial<ServiceFacts>): ServiceFacts => ({ method: 'probed', ...facts });
const nginx = probed({ name: 'http', product: 'nginx', version: '1.24.0' });

describe('isSameService', () => {
  it.each<[string, ServiceFacts | undefined, ServiceFacts | undefined, boolean]>([
    ['nothing was asked', undefined, nginx, true],
    ['the same', nginx, { ...nginx }, true],
    ['another version', nginx, { ...nginx, version: '1.26.0' }, false],
    ['another product', nginx, { ...nginx, product: 'Apache httpd' }, false],
    ['a less detailed version', nginx, { ...nginx, version: '1.24' }, true],
    ['a version that only looks alike', { ...nginx, version: '1.2' }, nginx, false],
    [
      'a patch level',
      probed({ name: 'ssh', version: '9.2' }),
      probed({ name: 'ssh', version: '9.2p1' }),
      true,
    ],
    ['no version', nginx, probed({ name: 'http', product: 'nginx' }), true],
    ['guessed from the port table', nginx, { method: 'table', name: 'https-alt' }, true],
    ['tcpwrapped', nginx, probed({ name: 'tcpwrapped' }), true],
    ['ssl without more', nginx, probed({ name: 'ssl' }), true],
    ['another name', probed({ name: 'http' }), probed({ name: 'ssh' }), false],
    [
      'another tunnel',
      probed({ name: 'http', tunnel: 'ssl' }),
      probed({ name: 'http', tunnel: 'dtls' }),
      false,
    ],
  ])('%s', (_what, a, b, same) => {
    expect(isSameService(a, b)).toBe(same);
    expect(isSameService(b, a)).toBe(same);
  });
});

describe('joinServices', () => {
  it.each<[string, ServiceFacts | undefined, ServiceFacts | undefined, ServiceFacts | undefined]>([
    ['keeps what is known when nothing was asked', nginx, undefined, nginx],
    ['keeps what was probed over a guess', nginx, { method: 'table', name: 'http' }, nginx],
    ['prefers what was probed to an older guess', { method: 'table', name: 'http' }, nginx, nginx],
    ['keeps the longer version', nginx, { ...nginx, version: '1.24' }, nginx],
    ['fills what was missing', probed({ name: 'http' }), nginx, nginx],
    ['keeps details over ssl alone', nginx, probed({ name: 'ssl' }), nginx],
  ])('%s', (_what, older, newer, joined) => {
    expect(joinServices(older, newer)).toEqual(joined);
  });
});
