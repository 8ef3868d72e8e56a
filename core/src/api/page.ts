import { z } from 'zod';

/** Keyset pagination: `after` is the `next` of the page before; pages end when `next` is null. */
export const pageQuery = z.object({
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** One page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Every error body: what was wrong, and all the places where it was. */
export const apiError = z.object({
  code: z.string(),
  message: z.string(),
  problems: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        line: z.number().optional(),
        text: z.string().optional(),
      }),
    )
    .default([]),
});
export type ApiError = z.infer<typeof apiError>;
