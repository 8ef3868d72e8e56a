import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memberRulesQuery, useSaveMemberRules } from '../../api/second-factor.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useMay } from '../../components/may.tsx';
import { Panel } from '../../components/panel.tsx';
import { showDone, showFailure } from '../../components/toast.ts';

/** Whether the site demands a second factor of everybody. */
export function MemberRule() {
  const query = useQuery(memberRulesQuery);
  const save = useSaveMemberRules();
  const may = useMay('members');
  const change = (secondFactorDemanded: boolean) =>
    save.mutate(
      { secondFactorDemanded },
      {
        onSuccess: () => showDone('The rule has been saved.'),
        onError: (error) => showFailure('The rule was not saved', error),
      },
    );
  return (
    <Panel title="Rules">
      <Loaded query={query}>
        {({ secondFactorDemanded }) => (
          <Switch
            label="Members need a second factor"
            description="Who has none sees only their own account, until they have set one up. A login by passkey is one. API keys need none."
            checked={secondFactorDemanded}
            disabled={!may || save.isPending}
            onChange={(event) => change(event.currentTarget.checked)}
          />
        )}
      </Loaded>
    </Panel>
  );
}
