import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { systemQuery } from '../../api/overview.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Empty } from '../../components/empty.tsx';
import { May } from '../../components/may.tsx';
import { Panel } from '../../components/panel.tsx';

/** What a new site shows: how to begin. */
export function FirstSteps() {
  const { data: system } = useQuery(systemQuery);
  const playground = system?.playground.running ?? false;
  const actions = (
    <May do="configure">
      <ButtonLink to="/groups/new" variant="filled" leftSection={<IconPlus size={16} />}>
        Create your first group
      </ButtonLink>
      {playground && (
        <ButtonLink to="/groups/new" search={{ playground: '1' }}>
          Add the playground as a group
        </ButtonLink>
      )}
    </May>
  );
  return (
    <Panel>
      <Empty title="Nothing is watched yet" actions={actions}>
        A group is a list of addresses that are scanned together. Its first scan is what later ones
        are compared with; from then on you see what changed.
        {playground && ' The playground is running on this machine: practice hosts that change.'}
      </Empty>
    </Panel>
  );
}
