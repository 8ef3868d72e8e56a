import { Button, Group, Stack } from '@mantine/core';
import type { HostDetail, HostRules as Rules } from '@netdelta/core/api/hosts.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { groupQuery } from '../../api/groups.ts';
import { useSaveHostRules } from '../../api/hosts.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable } from '../../components/may.tsx';
import { Panel } from '../../components/panel.tsx';
import { SilenceRuleSelect } from '../../components/silence-rule-select.tsx';
import { showDone } from '../../components/toast.ts';

/** When silence counts for this host: as its group says, or by rules of its own. */
export function HostRules({ detail }: { detail: HostDetail }) {
  const group = useQuery(groupQuery(detail.host.groupId));
  return (
    <Panel title="When silence counts">
      <Loaded query={group}>
        {(view) => (
          <Editable do="configure">
            <RulesForm detail={detail} inherited={view} />
          </Editable>
        )}
      </Loaded>
    </Panel>
  );
}

interface RulesFormProps {
  readonly detail: HostDetail;
  /** The group's rules. */
  readonly inherited: Pick<HostDetail, 'downAfter' | 'serviceDownAfter'>;
}

function RulesForm({ detail: { host, ownRules }, inherited }: RulesFormProps) {
  const [rules, setRules] = useState<Rules>(ownRules);
  const save = useSaveHostRules(host.groupId, host.address);
  const changed =
    rules.downAfter !== ownRules.downAfter || rules.serviceDownAfter !== ownRules.serviceDownAfter;
  const submit = () =>
    save.mutate(rules, {
      onSuccess: () => showDone(`The rules of ${host.address} hold from its next scan on.`),
    });
  return (
    <Stack gap="sm">
      <SilenceRuleSelect
        what="host"
        value={rules.downAfter}
        inherited={inherited.downAfter}
        onChange={(downAfter) => setRules({ ...rules, downAfter })}
      />
      <SilenceRuleSelect
        what="service"
        value={rules.serviceDownAfter}
        inherited={inherited.serviceDownAfter}
        onChange={(serviceDownAfter) => setRules({ ...rules, serviceDownAfter })}
      />
      <ErrorPanel error={save.error} title="The rules were not saved" />
      <Group justify="space-between" gap="xs">
        <span className="quiet">{changed ? describeChange(rules) : 'Nothing to save'}</span>
        <Button size="xs" disabled={!changed} loading={save.isPending} onClick={submit}>
          Save rules
        </Button>
      </Group>
    </Stack>
  );
}

function describeChange({ downAfter, serviceDownAfter }: Rules): string {
  return downAfter === null && serviceDownAfter === null
    ? 'It will follow its group again'
    : 'Only this host, whatever its group says';
}
