import { z } from 'zod';
import { hostStatus, serviceView } from './hosts.ts';
import { pageQuery } from './page.ts';

export const serviceQuery = pageQuery.extend({
  groupId: z.uuid().optional(),
  text: z.string().max(200).optional().describe('part of a name, a product, a version'),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  protocol: z.enum(['tcp', 'udp']).optional(),
});
export type ServiceQuery = z.infer<typeof serviceQuery>;

/** GET …/services: an open service, and whose it is. */
export const listedService = serviceView.extend({
  groupName: z.string(),
  hostStatus: hostStatus.describe('services of a host that is down are those it had last'),
  hostNames: z.array(z.string()),
});
export type ListedService = z.infer<typeof listedService>;
