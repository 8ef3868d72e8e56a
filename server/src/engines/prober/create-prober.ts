import { type Contact, endpointOf } from '@netdelta/core/evidence/contact.ts';
import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { readBanner } from '../connect/banner.ts';
import { parseBanner } from '../connect/parse-banner.ts';
import type { NmapProgram } from '../nmap/program.ts';
import { askByConnect, connectTo } from './ask-by-connect.ts';
import { askByNmap, identifyByNmap } from './ask-by-nmap.ts';
import type { ProbeAnswer, ProbeConditions, ProbeRequest, Prober } from './prober.ts';

/**
 * Asks TCP endpoints by a connect of this process, which needs no privilege and tells open, refused
 * and silent apart; ICMP, ARP and UDP by nmap, where it may send raw packets.
 */
export function createProber(nmap: NmapProgram): Prober {
  return {
    ask: async (requests, conditions) => {
      const answers = new Map<ProbeRequest, ProbeAnswer | null>();
      const byTcp = requests.filter(({ contact }) => endpointOf(contact)?.protocol === 'tcp');
      const others = Map.groupBy(
        requests.filter((request) => !byTcp.includes(request)),
        ({ contact }) => wayOf(contact),
      );
      const keep = (asked: readonly ProbeRequest[], found: readonly (ProbeAnswer | null)[]) => {
        for (const [index, request] of asked.entries()) answers.set(request, found[index] ?? null);
      };
      await Promise.all([
        askByConnect(byTcp, conditions).then((found) => keep(byTcp, found)),
        ...[...others].map(async ([way, asked]) =>
          keep(asked, await askByNmap(nmap, { way, requests: asked }, conditions)),
        ),
      ]);
      return requests.map((request) => answers.get(request) ?? null);
    },
    identify: async (endpoints, conditions) => {
      const { available } = await nmap.detect();
      if (available) return identifyByNmap(nmap, endpoints, conditions);
      return Promise.all(endpoints.map((endpoint) => hearBanner(endpoint, conditions)));
    },
  };
}

function wayOf(contact: Contact): 'icmp' | 'arp' | 'udp' {
  return contact === 'icmp' || contact === 'arp' ? contact : 'udp';
}

async function hearBanner(
  request: ProbeRequest,
  conditions: ProbeConditions,
): Promise<ServiceFacts | undefined> {
  const answer = await connectTo(request, conditions);
  if (!answer?.socket) return undefined;
  return parseBanner(await readBanner(answer.socket, 2 * conditions.timeoutMs)) ?? undefined;
}
