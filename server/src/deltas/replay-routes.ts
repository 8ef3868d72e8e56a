import { replayRequest, replayView } from '@netdelta/core/api/replay.ts';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { createSlots } from '../http/slots.ts';
import { whenGone } from '../http/when-gone.ts';
import { ReplayStoppedError, replayGroup } from './replay-group.ts';

/** A replay holds a database connection and a good part of a processor. */
const MOST_AT_ONCE = { ofSite: 1, inAll: 2 };
const MOST_MS = 60_000;

/** Trying another policy on stored scans. Reading only, though it is a POST: its question has a body. */
export const replayRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    const slots = createSlots('replays', MOST_AT_ONCE);
    app.post(
      '/groups/:id/replay',
      {
        config: { needs: 'configure' },
        schema: {
          params: z.object({ id: z.uuid() }),
          body: replayRequest,
          response: { 200: replayView },
        },
      },
      async ({ site, params, body }, reply) => {
        const free = slots.take(site.id);
        const signal = AbortSignal.any([whenGone(reply), AbortSignal.timeout(MOST_MS)]);
        try {
          const question = { site, groupId: params.id, ...body };
          const view = await database.withSite(site.id, (tx) => replayGroup(tx, question, signal));
          if (!view) throw notFound('group');
          return view;
        } catch (error) {
          if (!(error instanceof ReplayStoppedError)) throw error;
          throw new RequestProblem(422, error.code, error.message);
        } finally {
          free();
        }
      },
    );
  };
