import { useInfiniteQuery } from '@tanstack/react-query';
import { deltasQuery } from '../../api/scans.ts';
import { Empty } from '../../components/empty.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatNumber } from '../../format/count.ts';
import { type DeltaSection, groupBySection } from '../../format/sections.ts';
import { DeltaTable } from './delta-table.tsx';
import { NewHostServices } from './new-host-services.tsx';
import classes from './scan-page.module.css';

/** The deltas of a scan under their headings; below 500 deltas all are there at once. */
export function DeltaSections({ scanId }: { scanId: string }) {
  const query = useInfiniteQuery(deltasQuery({ scanId }, 500));
  return (
    <Paged query={query} empty={<Empty title="Nothing changed" />}>
      {(deltas) => {
        const sections = groupBySection(deltas);
        return (
          <>
            <SectionIndex sections={sections} more={query.hasNextPage} />
            {sections
              .filter((section) => section.deltas.length > 0)
              .map((section) => (
                <Section key={section.heading} section={section} />
              ))}
          </>
        );
      }}
    </Paged>
  );
}

function SectionIndex({ sections, more }: { sections: DeltaSection[]; more: boolean }) {
  return (
    <Panel flush>
      <ul className={classes.index} aria-label="What changed">
        {sections.map(({ heading, count }) => (
          <li key={heading} data-empty={count === 0}>
            <span>{heading}</span>
            <strong>
              {formatNumber(count)}
              {more && count > 0 && '+'}
            </strong>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Section({ section: { heading, deltas, count } }: { section: DeltaSection }) {
  return (
    <Panel title={heading} note={formatNumber(count)} flush>
      {heading === 'New Host Services' ? (
        <NewHostServices deltas={deltas} />
      ) : (
        <DeltaTable label={heading} deltas={deltas} />
      )}
    </Panel>
  );
}
