import { Button } from '@mantine/core';
import type { Page } from '@netdelta/core/api/page.ts';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Empty } from './empty.tsx';
import { Loaded } from './loaded.tsx';
import classes from './paged.module.css';

interface PagedProps<Item> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  readonly empty: ReactNode;
  readonly children: (items: Item[]) => ReactNode;
}

/** A list that is loaded page by page, with a button for more; `empty` when there is nothing. */
export function Paged<Item>({ query, empty, children }: PagedProps<Item>) {
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0 && !query.hasNextPage) return empty;
        return (
          <>
            {items.length > 0 ? children(items) : <Empty title="Nothing found so far" />}
            {query.hasNextPage && (
              <div className={classes.more}>
                <Button
                  variant="default"
                  size="xs"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  Load more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
