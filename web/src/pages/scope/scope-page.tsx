import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ScopeView } from '@netdelta/core/api/scope.ts';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { scopeQuery } from '../../api/scope.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { RefusedGroups } from './refused-groups.tsx';
import { ScopeEntries } from './scope-entries.tsx';
import { ScopeForm } from './scope-form.tsx';

/** What the site is authorised to scan, by whom, and until when. */
export function ScopePage() {
  const query = useQuery(scopeQuery);
  const [adding, add] = useDisclosure(false);
  const button = (
    <May do="configure">
      <Button leftSection={<IconPlus size={16} />} onClick={add.open} disabled={adding}>
        Add an authorisation
      </Button>
    </May>
  );
  return (
    <>
      <PageHeader
        title="Scope"
        facts="What this site is authorised to scan. A scan that would ask anything else is refused before it sends a packet."
        actions={button}
      />
      <Stack gap="md">
        {adding && (
          <Panel title="New authorisation">
            <ScopeForm onDone={add.close} />
          </Panel>
        )}
        <Loaded query={query}>{(scope) => <Standing scope={scope} />}</Loaded>
      </Stack>
    </>
  );
}

function Standing({ scope: { entries, refusedGroups } }: { scope: ScopeView }) {
  const laid = entries.filter(({ laidBy }) => laidBy === 'platform');
  const own = entries.filter(({ laidBy }) => laidBy === 'site');
  return (
    <>
      <RefusedGroups groups={refusedGroups} />
      {laid.length > 0 && (
        <Panel
          title="Laid upon this site"
          note="by the administrators of the platform, who alone can change it; nothing else is asked, whatever stands below"
          flush
        >
          <ScopeEntries label="Laid upon this site" entries={laid} />
        </Panel>
      )}
      <Panel title="Authorised by this site" flush>
        {own.length > 0 ? (
          <ScopeEntries label="Authorised by this site" entries={own} editable />
        ) : (
          <Empty title={laid.length > 0 ? 'Not narrowed further' : 'Everything may be scanned'}>
            As long as there is no entry here, groups may name any address
            {laid.length > 0 ? ' that is laid upon the site above' : ''}. From the first one on,
            only what entries hold is asked, each until its last day.
          </Empty>
        )}
      </Panel>
    </>
  );
}
